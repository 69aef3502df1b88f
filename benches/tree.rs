//! A generated tree of many modules, for benchmarks: services that call a network, a database and a DNS module.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Writes `services` services below `dir`, each in a root of its own with three modules of its own: four directories, and
/// nine files a service. The modules are as long as those of public trees are.
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

const NETWORK: &str = r#"# Who may reach what. The groups are made here, once for each service, and handed to
# whatever listens: a group of one's own says more in a review than an address does.

variable "name" {
  description = "Name of the group, and the first part of the names of what hangs on it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,40}$", var.name))
    error_message = "A name has 3 to 41 letters, digits and dashes, and begins with a letter."
  }
}

variable "rules" {
  description = <<-TEXT
    Who is let in, by a name that the console shows:

    - `port`: the one port that is opened;
    - `sources`: the blocks of addresses that may reach it;
    - `note`: why, for whoever reads it in a year.
  TEXT
  type        = any
}

variable "tags" {
  description = "Tags of everything that can have some."
  type        = map(string)
}

variable "egress_cidr_blocks" {
  description = "Where connections may lead to."
  type        = list(string)
  default     = ["10.0.0.0/8"]
}

variable "log_retention_in_days" {
  description = "How long the logs of refused connections are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365], var.log_retention_in_days)
    error_message = "The logs are kept for one of the terms that the service offers."
  }
}

locals {
  ports = sort(distinct([for rule in var.rules : tostring(rule.port)]))

  # The console shows a description of 255 letters at most.
  descriptions = { for key, rule in var.rules : key => substr(rule.description, 0, min(255, length(rule.description))) }
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "Reaches ${var.name} on ${join(", ", local.ports)}"
  tags        = merge(var.tags, { Name = var.name, Layer = "network" })

  dynamic "ingress" {
    for_each = var.rules

    content {
      description = local.descriptions[ingress.key]
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.sources
    }
  }

  egress {
    description = "To the services of the platform"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = var.egress_cidr_blocks
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "refused" {
  name              = "/platform/network/${var.name}/refused"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

data "aws_iam_policy_document" "flow" {
  statement {
    sid       = "WriteRefusedConnections"
    effect    = "Allow"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    resources = ["${aws_cloudwatch_log_group.refused.arn}:*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Name"
      values   = [var.name]
    }
  }
}

resource "aws_iam_role_policy" "flow" {
  name   = "${var.name}-flow"
  role   = "platform-flow-logs"
  policy = data.aws_iam_policy_document.flow.json
}

output "group" {
  description = "Id of the group."
  value       = aws_security_group.this.id
}

output "log_group" {
  description = "Name of the group of logs of refused connections."
  value       = aws_cloudwatch_log_group.refused.name
}
"#;

const DATABASE: &str = r#"# A database of one service: encrypted, backed up, watched. It has no public address, and its
# password is made by the provider and kept where the service reads it.

variable "name" {
  description = "Identifier of the instance, and the first part of all other names."
  type        = string

  validation {
    condition     = length(var.name) <= 50
    error_message = "An identifier has 50 letters at most."
  }
}

variable "groups" {
  description = "Security groups that guard it."
  type        = list(string)

  validation {
    condition     = length(var.groups) > 0
    error_message = "A database is guarded by a group of its own."
  }
}

variable "tags" {
  description = "Tags of everything that can have some."
  type        = map(string)
}

variable "engine" {
  description = "What runs on it, and in which version; minor versions follow by themselves."
  type        = object({ name = string, version = string, family = string })
  default     = { name = "postgres", version = "16", family = "postgres16" }
}

variable "instance_class" {
  description = "How large it is."
  type        = string
  default     = "db.r6g.large"
}

variable "storage" {
  description = "How much it holds in gibibytes, and how far that may grow before somebody is asked."
  type        = object({ initial = number, most = number, type = optional(string, "gp3") })
  default     = { initial = 100, most = 500 }
}

variable "parameters" {
  description = "Settings of the engine. Those that need a restart wait for the window of maintenance."
  type        = map(object({ value = string, immediate = optional(bool, true) }))
  default = {
    log_min_duration_statement = { value = "500" }
    log_lock_waits             = { value = "1" }
    shared_preload_libraries   = { value = "pg_stat_statements,auto_explain", immediate = false }
    idle_in_transaction_session_timeout = { value = "60000" }
  }
}

variable "alarms" {
  description = "What wakes somebody up, by metric."
  type        = map(object({ threshold = number, comparison = string, periods = optional(number, 3) }))
  default = {
    CPUUtilization      = { threshold = 80, comparison = "GreaterThanThreshold" }
    FreeStorageSpace    = { threshold = 10737418240, comparison = "LessThanThreshold", periods = 1 }
    DatabaseConnections = { threshold = 400, comparison = "GreaterThanThreshold" }
  }
}

locals {
  tags = merge(var.tags, { Name = var.name, Layer = "data", Engine = var.engine.name })

  # Days of the week are spread, so that not everything restarts in one night.
  days   = ["mon", "tue", "wed", "thu"]
  day    = local.days[length(var.name) % length(local.days)]
  window = format("%s:03:00-%s:04:00", local.day, local.day)
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = var.engine.family
  tags        = local.tags

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.immediate ? "immediate" : "pending-reboot"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_kms_key" "this" {
  description             = "Storage and backups of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = local.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountDecides"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::123456789012:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "TheServiceEncrypts"
        Effect    = "Allow"
        Principal = { Service = "rds.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = "rds.eu-west-1.amazonaws.com" } }
      },
    ]
  })
}

resource "aws_db_instance" "this" {
  identifier                  = var.name
  engine                      = var.engine.name
  engine_version              = var.engine.version
  instance_class              = var.instance_class
  allocated_storage           = var.storage.initial
  max_allocated_storage       = var.storage.most
  storage_type                = var.storage.type
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.this.arn
  multi_az                    = true
  publicly_accessible         = false
  manage_master_user_password = true
  username                    = "owner"
  parameter_group_name        = aws_db_parameter_group.this.name
  vpc_security_group_ids      = var.groups
  backup_retention_period     = 14
  maintenance_window          = local.window
  deletion_protection         = true
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${var.name}-final"
  tags                        = local.tags
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms

  alarm_name          = "${var.name}-${lower(each.key)}"
  alarm_description   = "${each.key} of ${var.name} left its bounds"
  namespace           = "AWS/RDS"
  metric_name         = each.key
  statistic           = "Average"
  period              = 300
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  comparison_operator = each.value.comparison
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  tags                = local.tags
}

output "address" {
  description = "The generated host name, for the record that names it: nobody else uses it."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Where it listens."
  value       = aws_db_instance.this.port
}

output "key_arn" {
  description = "The key of its storage."
  value       = aws_kms_key.this.arn
}
"#;

const DNS: &str = r#"# Names that stay when what they name is replaced.

variable "zone" {
  description = "Id of the zone that the service owns."
  type        = string

  validation {
    condition     = startswith(var.zone, "Z")
    error_message = "The id of a zone begins with a Z."
  }
}

variable "records" {
  description = "Host names by alias: what is made up by a provider, under a name that is not."
  type        = map(string)
}

variable "ttl" {
  description = "For how many seconds a name may be remembered. Short, so that a failover is seen."
  type        = number
  default     = 60

  validation {
    condition     = var.ttl >= 30 && var.ttl <= 3600
    error_message = "Half a minute to an hour."
  }
}

locals {
  # A record is made for each alias, and one that says in words what the name is for.
  notes = { for alias in keys(var.records) : "${alias}-note" => "owned by the service that calls this module" }
}

resource "aws_route53_record" "this" {
  for_each = var.records

  zone_id = var.zone
  name    = each.key
  type    = "CNAME"
  ttl     = var.ttl
  records = [each.value]

  lifecycle {
    precondition {
      condition     = length(each.key) <= 63
      error_message = "A label of a host name has 63 letters at most."
    }
  }
}

resource "aws_route53_record" "note" {
  for_each = local.notes

  zone_id = var.zone
  name    = each.key
  type    = "TXT"
  ttl     = var.ttl
  records = [each.value]
}

output "names" {
  description = "The aliases that were made."
  value       = sort([for record in aws_route53_record.this : record.name])
}
"#;
