//! A plan of many resources, as large per resource as real ones are.

use std::fmt::Write as _;
use std::path::Path;

/// Writes a plan with so many resources.
pub(crate) fn write(file: &Path, resources: usize) -> std::io::Result<()> {
    let (mut changes, mut planned, mut prior) = (String::new(), String::new(), String::new());
    for number in 0..resources {
        let comma = if number == 0 { "" } else { "," };
        let (module, service) = (number / 20, number % 20);
        let address = format!("module.svc_{module}.aws_security_group.this[\\\"item-{service}\\\"]");
        let values = values(number);
        let actions = match number % 10 {
            0 => r#"["create"]"#,
            1 => r#"["update"]"#,
            _ => r#"["no-op"]"#,
        };
        let before = if number.is_multiple_of(10) { "null" } else { values.as_str() };
        let unknown = if number.is_multiple_of(10) { r#"{"arn":true,"id":true}"# } else { "{}" };
        let head = format!(
            r#"{comma}{{"address":"{address}","module_address":"module.svc_{module}","mode":"managed","type":"aws_security_group","name":"this","index":"item-{service}","provider_name":"registry.terraform.io/hashicorp/aws","#
        );
        let _ = write!(
            changes,
            r#"{head}"change":{{"actions":{actions},"before":{before},"after":{values},"after_unknown":{unknown},"before_sensitive":{{}},"after_sensitive":{{"tags":{{}}}}}}}}"#
        );
        for state in [&mut planned, &mut prior] {
            let _ = write!(state, r#"{head}"schema_version":1,"values":{values},"sensitive_values":{{}}}}"#);
        }
    }
    let text = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{{"root_module":{{"resources":[{planned}]}}}},"resource_changes":[{changes}],"prior_state":{{"format_version":"1.0","values":{{"root_module":{{"resources":[{prior}]}}}}}},"configuration":{{"root_module":{{}}}},"applyable":true,"complete":true,"errored":false}}"#
    );
    std::fs::write(file, text)
}

fn values(number: usize) -> String {
    let rule = |port: usize| {
        format!(
            r#"{{"cidr_blocks":["10.0.0.0/8"],"description":"port {port}","from_port":{port},"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"tcp","security_groups":[],"self":false,"to_port":{port}}}"#
        )
    };
    format!(
        r#"{{"description":"service {number}","egress":[{}],"ingress":[{},{}],"name":"svc-{number}","revoke_rules_on_delete":false,"tags":{{"Name":"svc-{number}","Environment":"qa","Team":"platform"}},"vpc_id":"vpc-0a1b2c3d4e5f60718"}}"#,
        rule(0),
        rule(443),
        rule(5432)
    )
}
