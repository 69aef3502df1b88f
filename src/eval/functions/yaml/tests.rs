use proptest::prelude::*;

use super::decode::decode;
use super::encode::encode;
use super::*;
use crate::eval::functions::json;

fn as_json(text: &str) -> String {
    json::encode(&decode(text).expect(text)).unwrap()
}

#[test]
fn words_are_those_of_the_older_version() {
    assert_eq!(
        as_json("[y, No, on, 'yes', 0o17, 017, 0x1F, 1_0, ~, 12:30]"),
        r#"[true,false,true,"yes",15,17,31,"1_0",null,"12:30"]"#
    );
    assert_eq!(as_json("y: 1\n1: a\n"), r#"{"1":"a","true":1}"#);
}

#[test]
fn a_block_is_a_text_of_what_it_means() {
    assert_eq!(as_json("|-\n  0x10\n"), "\"16\"");
    assert_eq!(as_json("|\n  12\n"), "\"12\\n\"");
    assert_eq!(as_json("é: |\n  12"), "{\"é\":\"12\"}");
    assert_eq!(as_json("- >\n a\n b\n\n\n c"), "[\"a b\\n\\nc\"]");
    assert_eq!(as_json("a: |\n  x\nb: |+\n  z"), "{\"a\":\"x\\n\",\"b\":\"z\"}");
    assert_eq!(as_json("a: |\n  x\nb: z"), "{\"a\":\"x\\n\",\"b\":\"z\"}");
}

#[test]
fn texts_are_written_as_libyaml_writes_them() {
    for (text, written) in [
        ("a\n\n", "|+\n  a\n\n"),
        ("\n", "|2+\n\n"),
        (" a\nb", "|2-\n   a\n  b\n"),
        ("a \nb", "\"a \\nb\"\n"),
        ("\u{1f600}", "\"\\U0001F600\"\n"),
    ] {
        assert_eq!(encode(&Value::string(text)).as_deref(), Ok(written));
    }
    let long = Value::object(vec![("k".repeat(129).into(), Value::tuple(vec![Value::int(1)]))]);
    assert_eq!(encode(&long), Ok(format!("? \"{}\"\n: - 1\n", "k".repeat(129))));
}

#[test]
fn what_only_newer_yaml_allows_is_an_error() {
    for text in ["", "# nothing", "...\na: 1", ">-\na: 1", "--- |\na", "a: 1\n---\nb: 2"] {
        assert!(decode(text).is_err(), "{text:?}");
    }
}

#[test]
fn aliases_are_bounded() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{},", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    assert!(decode(&bomb).is_err());
    assert!(decode("&a [*a]").is_err());
    assert!(decode(&"[".repeat(100_000)).is_err());
    assert!(decode(&"- ".repeat(100_000)).is_err());
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::bool),
        any::<i64>().prop_map(Value::int),
        "[a-z:#\"\\\\' \n\t\u{1}\u{1f600}]{0,12}".prop_map(Value::string),
        "[a-z \u{85}\u{2028}\u{2029}\u{feff}]{0,12}".prop_map(Value::string),
        Just(Value::string("very long ".repeat(20))),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple),
            prop::collection::btree_map("[a-z: \n&]{0,4}", inner, 0..4).prop_map(|map| Value::object(
                map.into_iter().map(|(key, value)| (key.into(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in document()) {
        let written = encode(&value).unwrap();
        prop_assert_eq!(decode(&written), Ok(value), "{}", written);
    }

    #[test]
    fn no_document_panics(text in "[\\[\\]{}:,\"'|>!&*?%@#<0-9a-c \n\t\\-~.]{0,40}") {
        let _ = decode(&text);
    }
}
