//! What the recorded modules do not say: identities, symbolic instances, stories, roots, states.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Input, RootSettings, Settings, Variant, load};
use crate::model::{
    ExprAt, InstanceId, Model, ProblemKind, ResourceInstance, Root, RootId, StepKind, Target,
};
use crate::source::{Entry, EntryKind, FileKind, Found, ReadError, Reader, Repository, Workspace, split};
use crate::value::Value;

/// A repository in memory.
#[derive(Debug)]
struct Memory(BTreeMap<String, String>);

impl Reader for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(ReadError::Missing)
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let mut entries: Vec<Entry> = self
            .0
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry::directory(name),
                None => Entry::file(rest),
            })
            .collect();
        entries.sort();
        entries.dedup();
        if entries.is_empty() { Err(ReadError::Missing) } else { Ok(entries.into()) }
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        if self.0.contains_key(path) {
            return Ok(EntryKind::File);
        }
        self.list(path).map(|_| EntryKind::Directory)
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        (!path.starts_with("..")).then(|| PathBuf::from("/repository").join(path))
    }
}

fn model_with(files: &[(&str, &str)], settings: &Settings) -> Model {
    let found = files
        .iter()
        .filter(|(path, _)| !path.contains(".terraform/"))
        .filter_map(|(path, _)| {
            let kind = FileKind::of(split(path).1)?;
            Some(Found { path: (*path).to_owned(), kind })
        })
        .collect();
    let reader = Memory(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
    let repository = Repository { root: PathBuf::from("/repository"), marked: true };
    load(&Workspace::over(repository, Arc::new(reader), found), settings)
}

fn model(files: &[(&str, &str)]) -> Model {
    model_with(files, &Settings::default())
}

fn root<'m>(model: &'m Model, scope: &str) -> &'m Root {
    model.roots.iter().find(|root| root.scope == scope).expect("such a root")
}

fn resource<'m>(root: &'m Root, address: &str) -> &'m ResourceInstance {
    root.instances
        .iter()
        .flat_map(|instance| &instance.resources)
        .find(|resource| resource.address == address)
        .expect("such a resource")
}

fn messages(model: &Model) -> Vec<&str> {
    model.problems.iter().map(|problem| problem.problem.message.as_str()).collect()
}

/// The identity of an unknown value, as it prints.
fn identity(value: &Value) -> String {
    let unknown = value.as_unknown().expect("an unknown value");
    unknown.identity.exact().expect("an exact one").display_in(".")
}

#[test]
fn identities_go_through_modules() {
    let model = model(&[
        (
            "main.tf",
            r#"
            module "db" {
              source = "./db"
            }
            resource "aws_route53_record" "db" {
              records = [module.db.address]
            }
            "#,
        ),
        (
            "db/main.tf",
            r#"
            resource "aws_db_instance" "this" {
              engine = "postgres"
            }
            output "address" { value = "${aws_db_instance.this.address}" }
            "#,
        ),
    ]);
    assert_eq!(messages(&model), [""; 0]);
    let root = root(&model, ".");
    let records = resource(root, "aws_route53_record.db").attributes.get("records").expect("written");
    assert_eq!(identity(&records.elements().expect("a list")[0]), "module.db.aws_db_instance.this.address");
    assert_eq!(resource(root, "module.db.aws_db_instance.this").attributes.get("address"), None);
}

#[test]
fn dynamic_blocks_are_expanded_and_nest() {
    let model = model(&[(
        "main.tf",
        r#"
        variable "unknown" {}
        resource "aws_security_group" "web" {
          ingress {
            from_port = 22
          }
          dynamic "ingress" {
            for_each = { http = [80, 81], https = [443] }
            iterator = each_rule
            content {
              description = each_rule.key
              dynamic "port" {
                for_each = each_rule.value
                content {
                  number = "${each_rule.key}-${port.value}"
                }
              }
            }
          }
          dynamic "egress" {
            for_each = var.unknown
            content {
              cidr_blocks = ["0.0.0.0/0"]
              port        = egress.value
            }
          }
        }
        "#,
    )]);
    assert_eq!(messages(&model), [""; 0]);
    let made = resource(root(&model, "."), "aws_security_group.web");
    let ingress = made.attributes.get("ingress").and_then(Value::elements).expect("blocks");
    assert_eq!(ingress.len(), 3);
    assert_eq!(ingress[0].get("from_port"), Some(&Value::int(22)));
    let ports = ingress[1].get("port").and_then(Value::elements).expect("nested blocks");
    assert_eq!(ports[1].get("number").and_then(Value::as_str), Some("http-81"));
    let egress = made.attributes.get("egress").and_then(Value::elements).expect("one stands for all");
    assert_eq!(egress.len(), 1);
    assert!(egress[0].get("port").is_some_and(|port| port.as_unknown().is_some()));
    let kinds: Vec<(&str, bool, bool)> =
        made.blocks.iter().map(|block| (block.kind.as_str(), block.dynamic, block.symbolic)).collect();
    let expected = [
        ("ingress", false, false),
        ("ingress", true, false),
        ("ingress", true, false),
        ("egress", true, true),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn what_is_not_at_hand_is_opaque_and_says_why() {
    let model = model(&[(
        "main.tf",
        r#"
        module "vpc" {
          source = "git::https://git.example.local/vpc.git?ref=v1"
          count  = 2
          cidr   = local.nowhere
        }
        resource "aws_subnet" "a" {
          for_each = toset(module.vpc[0].zones)
          vpc_id   = module.vpc[0].id
          literal  = "here"
        }
        "#,
    )]);
    assert_eq!(messages(&model), ["there is no local value `nowhere`"]);
    let root = root(&model, ".");
    let subnet = resource(root, "aws_subnet.a[*]");
    assert!(subnet.symbolic);
    assert_eq!(identity(subnet.attributes.get("vpc_id").expect("written")), "module.vpc[0].id");
    assert_eq!(subnet.attributes.get("literal").and_then(Value::as_str), Some("here"));
    let reason = "module git::https://git.example.local/vpc.git is not available";
    assert!(root.reasons.iter().any(|(address, why)| address == "module.vpc[0]" && why == reason));
    assert!(matches!(&root.instances[0].calls[0].target, Target::Opaque(why) if why == reason));
}

#[test]
fn a_story_goes_from_the_literal_to_its_use() {
    let model = model(&[
        ("terraform.tfvars", "cidr = \"0.0.0.0/0\"\n"),
        (
            "main.tf",
            "variable \"cidr\" {}\nlocals {\n  rules = { ssh = [var.cidr, \"10.0.0.0/8\"] }\n}\n\
             module \"sg\" {\n  source = \"./sg\"\n  rules  = local.rules\n}\n",
        ),
        (
            "sg/main.tf",
            "variable \"rules\" {\n  type = map(list(string))\n}\n\
             resource \"aws_security_group\" \"this\" {\n  dynamic \"ingress\" {\n    for_each = var.rules\n    \
             content {\n      cidr_blocks = ingress.value\n    }\n  }\n}\n",
        ),
    ]);
    assert_eq!(messages(&model), [""; 0]);
    let root = root(&model, ".");
    let made = resource(root, "module.sg.aws_security_group.this");
    let blocks = made.attributes.get("ingress").and_then(Value::elements).expect("blocks");
    let cidr = blocks[0].get("cidr_blocks").and_then(Value::elements).expect("a list")[0].clone();
    let module = model.module_at("sg").expect("the module");
    let file = module.files[0];
    let tree = model.tree(file).expect("its syntax");
    let used = (0..tree.expr_count())
        .map(crate::syntax::ExprId)
        .find(|expr| tree.slice(tree.span(*expr)) == "ingress.value")
        .expect("the use");
    let story = model.story(RootId(0), InstanceId(1), ExprAt { file, expr: used }, cidr.origin());
    let told: Vec<(String, u32, StepKind)> = story
        .iter()
        .map(|step| {
            let source = model.sources.get(step.location.file);
            (source.path.clone(), source.line_column(step.location.span.start).line, step.kind)
        })
        .collect();
    let expected = [
        ("terraform.tfvars".to_owned(), 1, StepKind::Set),
        ("main.tf".to_owned(), 3, StepKind::Passed),
        ("main.tf".to_owned(), 7, StepKind::Passed),
        ("sg/main.tf".to_owned(), 6, StepKind::Passed),
        ("sg/main.tf".to_owned(), 8, StepKind::Used),
    ];
    assert_eq!(told, expected);
}

#[test]
fn roots_are_what_nobody_calls_and_what_has_values_of_its_own() {
    let model = model(&[
        (
            "app/main.tf",
            "module \"m\" {\n  source = \"../modules/m\"\n  x = 1\n}\nmodule \"n\" {\n  source = \"../modules/n\"\n}\n",
        ),
        ("modules/m/main.tf", "variable \"x\" {}\noutput \"x\" { value = var.x }\n"),
        ("modules/n/main.tf", "variable \"y\" { default = 1 }\noutput \"y\" { value = var.y }\n"),
        ("modules/n/terraform.tfvars", "y = 2\nz = 3\n"),
    ]);
    let scopes: Vec<&str> = model.roots.iter().map(|root| root.scope.as_str()).collect();
    assert_eq!(scopes, ["app", "modules/n"]);
    assert_eq!(root(&model, "app").instances[2].outputs[0].value, Value::int(1));
    assert_eq!(root(&model, "modules/n").instances[0].outputs[0].value, Value::int(2));
    assert_eq!(messages(&model), ["there is no variable `z` that would take this value"]);
}

#[test]
fn variants_are_evaluated_one_by_one() {
    let variant = |name: &str| Variant {
        name: name.to_owned(),
        inputs: vec![Input::File(format!("env/{name}.tfvars"))],
        workspace: (name == "prod").then(|| "live".to_owned()),
    };
    let variants = vec![variant("staging"), variant("prod")];
    let settings = Settings {
        per_root: Some(Arc::new(move |_: &str| RootSettings {
            inputs: Vec::new(),
            variants: variants.clone(),
        })),
        arguments: vec![Input::Value { name: "extra".into(), text: "[1, 2]".into() }],
        workspace: Some("default".to_owned()),
        ..Settings::default()
    };
    let files = [
        (
            "main.tf",
            "variable \"size\" {}\nvariable \"extra\" { type = list(number) }\noutput \"x\" { value = [var.size, var.extra[1], terraform.workspace] }\n",
        ),
        ("env/staging.tfvars", "size = 1\n"),
        ("env/prod.tfvars", "size = 9\n"),
    ];
    let model = model_with(&files, &settings);
    assert_eq!(messages(&model), [""; 0]);
    let told: Vec<(Option<&str>, Option<String>)> = model
        .roots
        .iter()
        .map(|root| (root.variant.as_deref(), root.instances[0].outputs[0].value.to_json()))
        .collect();
    assert_eq!(
        told,
        [(Some("prod"), Some("[9,2,\"live\"]".into())), (Some("staging"), Some("[1,2,\"default\"]".into()))]
    );
}

#[test]
fn the_state_of_another_root_gives_its_outputs() {
    let backend = "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key    = \"net\"\n    region = \"eu\"\n  }\n}\n";
    let net = format!(
        "{backend}resource \"aws_vpc\" \"this\" {{}}\noutput \"vpc\" {{ value = {{ id = aws_vpc.this.id, cidr = \"10.0.0.0/16\" }} }}\n"
    );
    let model = model(&[
        ("net/main.tf", &net),
        (
            "app/main.tf",
            "data \"terraform_remote_state\" \"net\" {\n  backend = \"s3\"\n  config = { bucket = \"states\", key = \"net\" }\n}\n\
             resource \"aws_subnet\" \"a\" {\n  vpc_id = data.terraform_remote_state.net.outputs.vpc.id\n  \
             cidr = data.terraform_remote_state.net.outputs.vpc.cidr\n}\n",
        ),
    ]);
    assert_eq!(messages(&model), [""; 0]);
    let subnet = resource(root(&model, "app"), "aws_subnet.a");
    assert_eq!(subnet.attributes.get("cidr").and_then(Value::as_str), Some("10.0.0.0/16"));
    assert_eq!(identity(subnet.attributes.get("vpc_id").expect("written")), "net//aws_vpc.this.id");
}

#[test]
fn installed_modules_are_found() {
    let list = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},
        {"Key":"vpc","Source":"registry.terraform.io/a/vpc/aws","Version":"1.0.0","Dir":".terraform/modules/vpc"}]}"#;
    let model = model(&[
        (
            "live/main.tf",
            "module \"vpc\" {\n  source  = \"a/vpc/aws\"\n  version = \"1.0.0\"\n}\noutput \"x\" { value = module.vpc.x }\n",
        ),
        ("live/.terraform/modules/modules.json", list),
        (
            "live/.terraform/modules/vpc/main.tf",
            "module \"inner\" {\n  source = \"./inner\"\n}\noutput \"x\" { value = module.inner.x }\n",
        ),
        ("live/.terraform/modules/vpc/inner/main.tf", "output \"x\" { value = 7 }\n"),
    ]);
    assert_eq!(messages(&model), [""; 0]);
    assert_eq!(model.roots.len(), 1);
    assert_eq!(root(&model, "live").instances[0].outputs[0].value, Value::int(7));
}

#[test]
fn circles_are_shown_as_such() {
    let model = model(&[
        (
            "main.tf",
            "locals {\n  a = local.b\n  b = [local.c]\n  c = local.a\n}\nresource \"x_y\" \"z\" {\n  name = x_y.z.id\n}\nmodule \"again\" {\n  source = \"./m\"\n}\n",
        ),
        ("m/main.tf", "module \"again\" {\n  source = \"../m\"\n}\n"),
    ]);
    let expected = [
        "`local.a` → `local.b` → `local.c` hang on one another in a circle",
        "`x_y.z` refers to itself",
        "the module calls itself, by this or by other calls",
    ];
    assert_eq!(messages(&model), expected);
}

#[test]
fn a_problem_of_many_instances_is_one() {
    let model = model(&[
        (
            "main.tf",
            "module \"m\" {\n  source   = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n  name = each.key\n}\n",
        ),
        (
            "m/main.tf",
            "variable \"name\" {}\noutput \"x\" { value = tonumber(var.name) }\noutput \"y\" { value = [][0] }\n",
        ),
    ]);
    let last = model.problems.last().expect("a problem");
    assert_eq!(last.kind, ProblemKind::Expression);
    assert_eq!(last.contexts.len(), 2);
}

#[test]
fn files_outside_of_the_repository_are_not_read() {
    let model = model(&[
        (
            "a/main.tf",
            "output \"x\" { value = file(\"/etc/passwd\") }\noutput \"y\" { value = file(\"../../x\") }\noutput \"z\" { value = file(\"../b.txt\") }\n",
        ),
        ("b.txt", "inside"),
    ]);
    assert_eq!(model.problems.len(), 2, "{:?}", messages(&model));
    assert!(messages(&model).iter().all(|message| message.contains("outside of the repository")));
    assert_eq!(root(&model, "a").instances[0].outputs[2].value.as_str(), Some("inside"));
}

#[test]
fn long_chains_are_followed_or_refused() {
    let chain = |length: usize| {
        let mut text = String::from("locals {\n  l0 = 1\n");
        for index in 1..=length {
            text.push_str(&format!("  l{index} = local.l{}\n", index - 1));
        }
        text.push_str(&format!(
            "}}\noutput \"x\" {{ value = local.l{length} }}\nlocals {{\n  a = [local.l{length}]\n}}\n"
        ));
        // Asked for from its far end first.
        text.replace("locals {\n  l0", "locals {\n  aa = local.far\n  l0").replace("  a = [", "  far = [")
    };
    let short = model(&[("main.tf", &chain(3_000))]);
    assert_eq!(messages(&short), [""; 0]);
    assert_eq!(root(&short, ".").instances[0].outputs[0].value, Value::int(1));
    let long = model(&[("main.tf", &chain(60_000))]);
    assert!(messages(&long).iter().all(|message| message.contains("too many values hang on one another")));
    assert!(!long.problems.is_empty());
}

#[test]
fn broken_blocks_do_not_make_others_look_undeclared() {
    let model = model(&[(
        "main.tf",
        "variable \"region\" {\n  default = \n}\n\nvariable \"zone\" \n  default = \"a\"\n}\n\noutput \"x\" { value = \"${var.region}${var.zone}\" }\n",
    )]);
    assert!(
        model.problems.iter().all(|problem| problem.kind == ProblemKind::Syntax),
        "{:?}",
        messages(&model)
    );
}

#[test]
fn modules_are_found_where_the_configuration_says() {
    let settings = Settings {
        module_sources: vec![
            super::ModuleSource {
                pattern: "git::https://git.example.local/{name}.git".into(),
                place: "vendor/{name}".into(),
                unversioned: true,
            },
            super::ModuleSource {
                pattern: "git::https://other.example.local/".into(),
                place: "../mirrors".into(),
                unversioned: false,
            },
        ],
        ..Settings::default()
    };
    let files = [
        (
            "live/main.tf",
            "module \"a\" {\n  source = \"git::https://git.example.local/rds.git//db?ref=v1\"\n}\n\
             module \"b\" {\n  source = \"git::https://other.example.local/x.git?ref=v2\"\n}\n\
             output \"x\" { value = [module.a.x, module.b.x] }\n",
        ),
        ("vendor/rds/db/main.tf", "output \"x\" { value = path.module }\n"),
    ];
    let model = model_with(&files, &settings);
    assert_eq!(messages(&model), [""; 0]);
    let root = root(&model, "live");
    let values = root.instances[0].outputs[0].value.elements().expect("a list");
    assert_eq!(values[0].as_str(), Some("../vendor/rds/db"));
    assert_eq!(identity(&values[1]), "live//module.b.x");
    assert!(
        root.reasons
            .iter()
            .any(|(address, why)| address == "module.b" && why.contains("no git repository at"))
    );
}

#[test]
fn a_module_for_others_is_wrong_only_where_it_always_is() {
    let text = "variable \"name\" {}\nvariable \"size\" {\n  default = null\n  validation {\n    \
                condition     = var.size != null\n    error_message = \"give one\"\n  }\n}\n\
                output \"sometimes\" { value = \"${var.size}-${var.name}\" }\n\
                output \"always\" { value = upper([var.name]) }\n";
    let alone = model(&[("main.tf", text)]);
    assert_eq!(alone.problems.len(), 1, "{:?}", messages(&alone));
    let planned = model(&[("main.tf", text), ("terraform.tfvars", "name = \"x\"\n")]);
    assert_eq!(planned.problems.len(), 3, "{:?}", messages(&planned));
}
