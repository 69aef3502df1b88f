use std::sync::Arc;

use super::*;
use crate::source::FileId;
use crate::syntax::{Schema, parse_hcl};

fn tree(text: &str) -> crate::syntax::Tree {
    parse_hcl(FileId(0), Arc::from(text))
}

/// The secrets that are reported, each as its text and what it was known by.
fn certain(text: &str) -> Vec<(String, String)> {
    Recogniser::default()
        .in_tree(&tree(text))
        .into_iter()
        .filter(|secret| secret.certain)
        .map(|secret| {
            (text[secret.span.start as usize..secret.span.end as usize].to_owned(), secret.sign.fact())
        })
        .collect()
}

fn texts(text: &str) -> Vec<String> {
    certain(text).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn names_give_secrets_away_wherever_they_stand() {
    for text in [
        "resource \"aws_db_instance\" \"x\" {\n  password = \"hunter2\"\n}\n",
        "provider \"mysql\" {\n  password = \"hunter2\"\n}\n",
        "variable \"db_password\" {\n  type    = string\n  default = \"hunter2\"\n}\n",
        "locals {\n  db_password = \"hunter2\"\n}\n",
        "db_password = \"hunter2\"\n",
        "login = { password = \"hunter2\" }\n",
        "login = { \"password\" : \"hunter2\" }\n",
        "passwords = { app = \"hunter2\" }\n",
        "passwords = [\"hunter2\"]\n",
        "locals {\n  env = { name = \"DB_PASSWORD\", value = \"hunter2\" }\n}\n",
        "resource \"helm_release\" \"x\" {\n  set {\n    name  = \"auth.password\"\n    value = \"hunter2\"\n  }\n}\n",
        "resource \"a\" \"b\" {\n  password = var.p != \"\" ? var.p : \"hunter2\"\n}\n",
        "resource \"a\" \"b\" {\n  password = coalesce(var.p, \"hunter2\")\n}\n",
        "resource \"a\" \"b\" {\n  password = lookup(var.p, \"password\", \"hunter2\")\n}\n",
        "resource \"a\" \"b\" {\n  x = jsonencode({ password = \"hunter2\" })\n}\n",
        "resource \"a\" \"b\" {\n  user_data = templatefile(\"a.tpl\", { password = \"hunter2\" })\n}\n",
        "resource \"a\" \"b\" {\n  user_data = <<-EOT\n    #!/bin/sh\n    export PASSWORD=hunter2\n  EOT\n}\n",
        "resource \"a\" \"b\" {\n  user_data = base64encode(<<-EOT\n    export PASSWORD=hunter2\n    echo ${var.x}\n  EOT\n  )\n}\n",
        "resource \"a\" \"b\" {\n  x = \"Server=${var.host};Password=hunter2;\"\n}\n",
        "resource \"a\" \"b\" {\n  x = \"{\\\"password\\\": \\\"hunter2\\\"}\"\n}\n",
        "resource \"a\" \"b\" {\n  x = \"postgres://app:hunter2@${var.host}/app\"\n}\n",
        "# password = \"hunter2\"\n",
        "/*\nresource \"a\" \"b\" {\n  password = \"hunter2\"\n}\n*/\n",
    ] {
        assert_eq!(texts(text), ["hunter2"], "{text}");
    }
}

#[test]
fn what_is_no_secret_is_left_in_peace() {
    for text in [
        "a = { password_length = \"16chars\", secret_name = \"prod1x/db\", secret_arn = \"x1\" }\n",
        "variable \"password\" {\n  description = \"The password, 8 characters or more\"\n  default     = null\n}\n",
        "variable \"password\" {\n  default = \"\"\n}\n",
        "a = { password = var.password, token = data.x.y.secret_string }\n",
        "a = { secrets = [{ name = \"DB_PASSWORD\", valueFrom = \"arn:aws:ssm:x\" }] }\n",
        "a = { name = \"DB_PASSWORD\", value = var.password }\n",
        "a = { api_key_secret = \"orders-api-key\", kms_key_id = \"8f3b1c9e-7a2d-4f60-85b1-e3c7d9a4f2e6\" }\n",
        "a = { password = \"changeme\", token = \"<token>\", secret = \"example\" }\n",
        "a = { password = \"${var.a}-${var.b}\" }\n",
        "a = { http_tokens = \"required\", token_ttl = \"24h\" }\n",
        "a = { password = file(\"password.txt\"), token = lookup(var.tokens, \"gh1token9\") }\n",
        "a = { hash_key = \"OrderId\", key = \"prod/network/terraform.tfstate\" }\n",
        "a = { password = var.x == \"hunter2\" ? null : var.x }\n",
        "a = \"user_data\"\n# the password is set elsewhere\n",
    ] {
        assert_eq!(certain(text), [], "{text}");
    }
}

#[test]
fn a_secret_is_known_by_its_most_telling_sign() {
    let token = format!("ghp_{}", "aB3dE5fG7hJkLmN9pQrStUvWyZ2c4D6e8F0g");
    assert_eq!(certain(&format!("token = \"{token}\"\n")), [(token.clone(), "a GitHub token".to_owned())]);
    assert_eq!(certain(&format!("a = \"{token}\"\n")), [(token, "a GitHub token".to_owned())]);
}

#[test]
fn what_is_doubtful_is_known_but_not_reported() {
    let secrets = Recogniser::default().in_tree(&tree("password = \"changeme\"\n"));
    assert_eq!(secrets.len(), 1);
    assert!(!secrets[0].certain);
}

#[test]
fn the_json_form_is_read_like_the_other() {
    let text = r#"{"resource": {"aws_db_instance": {"x": {"password": "hunter2", "name": "${var.x}"}}}}"#;
    let tree = crate::syntax::parse_json(FileId(0), Arc::from(text), &Schema::NONE);
    let secrets = Recogniser::default().in_tree(&tree);
    let found: Vec<&str> =
        secrets.iter().map(|s| &text[s.span.start as usize..s.span.end as usize]).collect();
    assert_eq!(found, ["hunter2"]);
}

#[test]
fn base64_is_looked_into() {
    use base64::Engine;
    let script = base64::engine::general_purpose::STANDARD.encode("#!/bin/sh\nexport DB_PASSWORD=hunter2\n");
    assert_eq!(texts(&format!("user_data = \"{script}\"\n")), [script.as_str()]);
}

#[test]
fn nothing_that_is_said_holds_the_secret() {
    for text in ["password = \"hunter2\"\n", "a = \"postgres://app:hunter2@db\"\n"] {
        for secret in Recogniser::default().in_tree(&tree(text)) {
            assert!(
                !format!("{} {} {secret:?}", secret.sign.message(), secret.sign.fact()).contains("hunter2")
            );
            assert_eq!(crate::finding::message_style(&secret.sign.message()), Ok(()));
        }
    }
}
