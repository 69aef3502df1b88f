//! A generated tree of many modules, for benchmarks: services that call a network, a database and a DNS module.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Writes `services` services below `dir`, each in a root of its own with three modules of its own: four directories, and
/// nine files a service.
pub(crate) fn write(dir: &Path, services: usize) -> io::Result<()> {
    fs::create_dir_all(dir.join(".git"))?;
    for index in 0..services {
        service(dir, index)?;
    }
    Ok(())
}

fn service(dir: &Path, index: usize) -> io::Result<()> {
    let name = format!("service-{index:04}");
    let root = dir.join("live").join(&name);
    let modules = dir.join("modules").join(&name);
    put(&root.join("main.tf"), &root_main(&name))?;
    put(&root.join("variables.tf"), ROOT_VARIABLES)?;
    put(&root.join("terraform.tfvars"), &rules(index))?;
    put(&root.join("versions.tf"), VERSIONS)?;
    for (module, text) in [("network", NETWORK), ("database", DATABASE), ("dns", DNS)] {
        put(&modules.join(module).join("main.tf"), text)?;
    }
    put(&modules.join("network/versions.tf"), VERSIONS)?;
    put(&modules.join("database/versions.tf"), VERSIONS)
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}

fn root_main(name: &str) -> String {
    format!(
        r#"locals {{
  name = "{name}"
  rules = {{ for key, rule in var.rules : key => merge(rule, {{ description = "${{local.name}}: ${{key}}" }}) }}
  tags = merge(var.tags, {{ Name = local.name, Team = upper(substr(local.name, 0, 3)) }})
}}

module "network" {{
  source = "../../modules/{name}/network"
  name   = local.name
  rules  = local.rules
  tags   = local.tags
}}

module "database" {{
  source   = "../../modules/{name}/database"
  for_each = toset(["orders", "stock"])

  name   = "${{local.name}}-${{each.key}}"
  groups = [module.network.group]
  tags   = local.tags
}}

module "dns" {{
  source  = "../../modules/{name}/dns"
  zone    = "Z0123456789"
  records = {{ for key, database in module.database : "${{key}}-db" => database.address }}
}}
"#
    )
}

/// A few rules a service; one in ten services opens its database to the world.
fn rules(index: usize) -> String {
    let mut text = String::from("rules = {\n");
    for rule in 0..index % 4 + 1 {
        let source = if index % 10 == 3 && rule == 0 { "0.0.0.0/0" } else { "10.0.0.0/8" };
        let _ = writeln!(text, "  r{rule} = {{ port = {}, sources = [\"{source}\"] }}", 5432 + rule);
    }
    text.push_str("}\ntags = { Environment = \"prod\" }\n");
    text
}

const ROOT_VARIABLES: &str = r#"variable "rules" {
  description = "Who may reach the database, by name."
  type        = map(object({ port = number, sources = list(string), note = optional(string, "none") }))
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
"#;

const VERSIONS: &str = r#"terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
"#;

const NETWORK: &str = r#"variable "name" {
  description = "Name of the group."
  type        = string
}

variable "rules" {
  description = "Who is let in."
  type        = any
}

variable "tags" {
  description = "Tags."
  type        = map(string)
}

resource "aws_security_group" "this" {
  name = var.name
  tags = var.tags

  dynamic "ingress" {
    for_each = var.rules

    content {
      description = ingress.value.description
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.sources
    }
  }
}

output "group" {
  description = "Id of the group."
  value       = aws_security_group.this.id
}
"#;

const DATABASE: &str = r#"variable "name" {
  description = "Identifier."
  type        = string
}

variable "groups" {
  description = "Security groups."
  type        = list(string)
}

variable "tags" {
  description = "Tags."
  type        = map(string)
}

resource "aws_db_instance" "this" {
  identifier             = var.name
  engine                 = "postgres"
  instance_class         = "db.r6g.large"
  allocated_storage      = 100
  storage_encrypted      = true
  vpc_security_group_ids = var.groups
  tags                   = var.tags
}

output "address" {
  description = "The generated host name."
  value       = aws_db_instance.this.address
}
"#;

const DNS: &str = r#"variable "zone" {
  description = "Id of the zone."
  type        = string
}

variable "records" {
  description = "Host names by alias."
  type        = map(string)
}

resource "aws_route53_record" "this" {
  for_each = var.records

  zone_id = var.zone
  name    = each.key
  type    = "CNAME"
  ttl     = 60
  records = [each.value]
}
"#;
