mod mutation;

use super::*;

fn parsed(text: &str) -> Plans {
    parse(&"plan.json".into(), &Tie::None, text.as_bytes().to_vec())
}

fn fault(bytes: &[u8]) -> PlanFault {
    let mut plans = parse(&"plan.json".into(), &Tie::None, bytes.to_vec());
    assert!(plans.plans.is_empty(), "{plans:?}");
    plans.problems.remove(0).fault
}

const ONE: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[
    {"address":"aws_db_instance.main","mode":"managed","type":"aws_db_instance","name":"main",
     "provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,
     "after":{"ports":[1,null],"password":"p","tags":{"a":"x"},"tags_all":{"a":"x"},"size":0.1234567890123456789012345678901234567890},
     "after_unknown":{"arn":true,"ports":[false,true],"nested":[{"id":true}]},
     "before_sensitive":false,"after_sensitive":{"password":true,"tags":{"a":true}}}}],
    "configuration":{"root_module":{"variables":{"a":{"sensitive":true},"b":{}}}},
    "variables":{"a":{"value":"secret"},"b":{"value":1},"c":{"value":2}}}"#;

#[test]
fn values_are_whole() {
    let plans = parsed(ONE);
    assert_eq!(plans.problems, []);
    let plan = &plans.plans[0];
    let change = &plan.changes[0];
    assert_eq!(change.action, Action::Create);
    assert!(plan.before(change).is_null());
    let after = plan.after(change);
    let unknown = |value: &crate::value::Value| {
        let unknown = value.as_unknown().expect("it is not known");
        unknown.identity.exact().expect("it is one value").to_string()
    };
    assert_eq!(unknown(after.get("arn").unwrap()), "aws_db_instance.main.arn");
    let ports = after.get("ports").unwrap().elements().unwrap();
    assert_eq!(unknown(&ports[1]), "aws_db_instance.main.ports[1]");
    let nested = after.get("nested").unwrap().elements().unwrap();
    assert_eq!(unknown(nested[0].get("id").unwrap()), "aws_db_instance.main.nested[0].id");
    assert!(after.get("password").unwrap().meta().sensitive());
    assert!(after.get("tags").unwrap().get("a").unwrap().meta().sensitive());
    assert!(after.get("tags_all").unwrap().get("a").unwrap().meta().sensitive());
    assert_eq!(after.get("size").unwrap().to_json().unwrap(), "0.123456789012345678901234567890123456789");
    let sensitive: Vec<bool> =
        plan.variables.iter().map(|variable| variable.value.meta().sensitive()).collect();
    assert_eq!(sensitive, [true, false, true]);
}

#[test]
fn what_is_no_plan_is_told() {
    assert_eq!(fault(b""), PlanFault::Empty);
    assert_eq!(fault(b"\xef\xbb\xbf \n"), PlanFault::Empty);
    assert!(matches!(fault(br#"{"format_version":"1.2","resource_ch"#), PlanFault::Truncated(_)));
    assert!(matches!(fault(b"hello"), PlanFault::NotJson(_)));
    assert!(matches!(fault(b"{} x"), PlanFault::NotAPlan(_)));
    assert!(matches!(fault(b"{\"a\":1}"), PlanFault::NotAPlan(_)));
    assert!(matches!(fault(b"[1]"), PlanFault::NotAPlan(_)));
    assert!(matches!(fault(br#"{"format_version":"1.0"}"#), PlanFault::NotAPlan(_)));
    assert_eq!(fault(b"PK\x03\x04tfplan"), PlanFault::Binary);
    assert_eq!(
        fault(b"[command]/bin/terraform-bin show -json f\n{\"format_version\":\"1.2\"}"),
        PlanFault::Wrapped
    );
    assert_eq!(fault(b"Terraform will perform the following actions:\n"), PlanFault::Text);
    assert!(matches!(fault(b"{\"a\":\"\xff\"}"), PlanFault::Encoding { encoding: "UTF-8", at: 6 }));
    assert!(matches!(
        fault(br#"{"format_version":"2.0","resource_changes":[]}"#),
        PlanFault::UnknownVersion(_)
    ));
    assert!(matches!(fault(br#"{"format_version":"1.2","resource_changes":{}}"#), PlanFault::Malformed(_)));
    assert!(matches!(fault(br#"{"format_version":"1.2","format_version":"1.2"}"#), PlanFault::Malformed(_)));
    assert!(matches!(fault(b"\x1f\x8b\x08\0"), PlanFault::Damaged("gzip")));
    assert!(matches!(fault(b"\x28\xb5\x2f\xfd"), PlanFault::Damaged("zstd")));
}

/// A plan with one change whose value after is this.
fn after(text: &str) -> Plans {
    parsed(&format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"a.b","mode":"managed","type":"a","name":"b",
        "change":{{"actions":["create"],"before":null,"after":{text},"after_unknown":{{}}}}}}]}}"#
    ))
}

#[test]
fn extremes_are_read_or_refused() {
    let fault = |text: &str| {
        let plans = after(text);
        assert!(plans.plans.is_empty());
        plans.problems.into_iter().next().map(|problem| problem.fault)
    };
    let value = |text: &str| {
        let plans = after(text);
        let plan = plans.plans.first().expect("a plan");
        plan.after(&plan.changes[0]).get("x").cloned().expect("a value")
    };
    assert!(matches!(
        fault(&format!("{{\"x\":{}1{}}}", "[".repeat(600), "]".repeat(600))),
        Some(PlanFault::NotJson(_))
    ));
    assert!(matches!(fault(r#"{"x":"\ud800"}"#), Some(PlanFault::NotJson(_))));
    assert_eq!(value("{\"x\":\"\\ud83d\\ude00\"}").as_str(), Some("😀"));
    let third = format!("0.{}", "3".repeat(154));
    assert_eq!(value(&format!("{{\"x\":{third}}}")).to_json(), Some(third));
    assert_eq!(value("{\"x\":9007199254740993}").to_json().as_deref(), Some("9007199254740993"));
    assert_eq!(value("{\"x\":-0}").to_json().as_deref(), Some("-0"));
    assert_eq!(value("{\"x\":1e400}").to_json().map(|text| text.len()), Some(401));
    // Of what is there twice in a value, the last counts, as for most readers.
    assert_eq!(value("{\"x\":1,\"x\":2}").to_json().as_deref(), Some("2"));
    let long = "y".repeat(1 << 20);
    assert_eq!(value(&format!("{{\"x\":\"{long}\"}}")).as_str(), Some(long.as_str()));
}

#[test]
fn a_mask_that_is_there_twice_holds_if_one_does() {
    let plans = parsed(
        r#"{"format_version":"1.2","resource_changes":[{"address":"a.b","mode":"managed","type":"a","name":"b",
        "change":{"actions":["no-op"],"before":{"p":"s"},"after":{"p":"s"},
        "before_sensitive":{"p":{"deep":true}},"after_sensitive":{"p":true,"p":false}}}]}"#,
    );
    let plan = &plans.plans[0];
    for value in [plan.before(&plan.changes[0]), plan.after(&plan.changes[0])] {
        assert!(value.get("p").unwrap().meta().sensitive());
    }
}

#[test]
fn what_some_versions_leave_out_is_made_up_for() {
    // Terraform 1.0 writes drift without addresses.
    let plans = parsed(
        r#"{"format_version":"0.2","resource_changes":[],"resource_drift":[{"mode":"managed","type":"a","name":"b",
        "module_address":"module.m","index":"k","change":{"actions":["delete"],"before":{"p":"s"},"after":null}}]}"#,
    );
    assert_eq!(plans.problems, []);
    assert_eq!(plans.plans[0].drift[0].address, "module.m.a.b[\"k\"]");
}

#[test]
fn what_hcp_terraform_hands_out_is_a_plan() {
    let text = r#"{"plan_format_version":"1.2","provider_format_version":"1.0","provider_schemas":{},"resource_changes":[
        {"address":"a.b","mode":"managed","type":"a","name":"b","change":{"actions":["create"],"before":null,"after":{}}}]}"#;
    assert!(looks_like_a_plan(text.as_bytes()));
    let plans = parsed(text);
    assert_eq!(plans.problems, []);
    assert_eq!(plans.plans[0].changes.len(), 1);
    assert!(matches!(fault(br#"{"format_version":"1.0","provider_schemas":{}}"#), PlanFault::NotAPlan(_)));
}

#[test]
fn data_that_was_read_stands_in_the_state_alone() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/oracle/plans/data-in-modules/plan.json"
    ));
    let plans = parsed(&text.expect("a plan of the oracle"));
    let found = plans.plans[0].read_data();
    assert!(found.iter().all(|data| data.mode == crate::model::Mode::Data));
    let addresses: Vec<&str> = found.iter().map(|data| data.address.as_str()).collect();
    assert!(addresses.contains(&"module.lookup[\"a\"].data.aws_vpc.far"), "{addresses:?}");
    let modules = found.iter().filter(|data| data.module == "module.lookup[\"b\"]").count();
    assert!(modules > 0, "{addresses:?}");
}
