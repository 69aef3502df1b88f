//! What `show` says of calls.

use crate::cli::{Tree, json};

#[test]
fn instances_of_a_module_that_is_not_at_hand_have_addresses() {
    let call = |name: &str, repeated: &str| {
        format!("module \"{name}\" {{\n  source = \"git::https://git.example.local/x.git\"\n{repeated}}}\n")
    };
    let main = call("one", "")
        + &call("two", "  count = 2\n")
        + &call("none", "  count = 0\n")
        + &call("each", "  for_each = toset([\"b\", \"a${0}\"])\n")
        + &call("open", "  for_each = toset(var.names)\n")
        + "variable \"names\" {}\nmodule \"wrong\" {\n  source = \"./nowhere\"\n}\nmodule \"at_hand\" {\n  source = \"./m\"\n  count = 2\n}\n";
    let tree = Tree::new(&[("main.tf", &main), ("m/main.tf", &call("inner", "  count = 1\n"))]);
    let shown = json(&tree.run(&["show", "--format", "json", "."]).out);
    let module = |address: &str| {
        let modules = shown["modules"].as_array().expect("modules");
        modules.iter().find(|one| one["address"] == address).cloned().expect("the module")
    };
    let instances = |address: &str, name: &str| {
        let calls = module(address)["calls"].clone();
        let call = calls.as_array().expect("calls").iter().find(|call| call["name"] == name).cloned();
        call.expect("the call")["instances"].clone()
    };
    for (name, expected) in [
        ("one", serde_json::json!(["module.one"])),
        ("two", serde_json::json!(["module.two[0]", "module.two[1]"])),
        ("none", serde_json::json!([])),
        ("each", serde_json::json!(["module.each[\"a0\"]", "module.each[\"b\"]"])),
        ("open", serde_json::json!(["module.open[*]"])),
        ("wrong", serde_json::json!([])),
        ("at_hand", serde_json::json!(["module.at_hand[0]", "module.at_hand[1]"])),
    ] {
        assert_eq!(instances("", name), expected, "{name}");
    }
    assert_eq!(
        instances("module.at_hand[1]", "inner"),
        serde_json::json!(["module.at_hand[1].module.inner[0]"])
    );
    let human = tree.run(&["show", "."]).out;
    assert!(human.contains("x.git is not available, 2 instances"), "{human}");
    assert!(human.contains("x.git is not available, 0 instances"), "{human}");
}
