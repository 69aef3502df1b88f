use proptest::prelude::*;

use super::decode::decode;
use super::*;

#[test]
fn numbers_are_exact() {
    let value = decode("[123456789012345678901234567890, 1e3, -0.5]").unwrap();
    assert_eq!(encode(&value), Ok("[123456789012345678901234567890,1000,-0.5]".into()));
}

#[test]
fn malformed_documents_are_errors() {
    for document in [
        "",
        "[1,]",
        "{a:1}",
        "01",
        "1.",
        "nul",
        "\"\n\"",
        "\"\\x\"",
        "[1 2]",
        "{\"a\" 1}",
        "1 2",
        "\u{feff}1",
    ] {
        assert!(decode(document).is_err(), "{document}");
    }
    assert!(decode(&"[".repeat(100_000)).is_err());
}

fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::Bool),
        any::<i64>().prop_map(serde_json::Value::from),
        "[a-z<>&\"\\\\\n\u{1}\u{2028}\u{1f600}]{0,8}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-z&]{0,4}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(document in document()) {
        let value = decode(&document.to_string()).unwrap();
        let written = encode(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), document);
        prop_assert_eq!(decode(&written).unwrap(), value);
    }

    #[test]
    fn no_document_panics(text in r#"[\[\]{}:,"\\u0-9a-eE.+\- ]{0,30}"#) {
        let _ = decode(&text);
    }
}
