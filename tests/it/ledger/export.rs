//! Exports: the same promises as the ledger shows, in a table, a document and typed columns.

use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{all, promise, sample};
use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};

async fn export(member: &Member, query: &str) -> (String, Vec<u8>) {
    let answer = member.request(Method::GET, &format!("/v1/ledger/export?{query}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{query}");
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(
        answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"baton-promises.")
    );
    (kind, answer.bytes().await.unwrap().to_vec())
}

/// Promises with and without everything, one of them hostile to spreadsheets.
async fn furnished() -> Desk {
    let desk = Desk::open().await;
    let deal = sample(&desk, "harbor-cold-chain").await;
    let won =
        json!({"amount": "-48000.50", "currency": "EUR", "product": "+Cold", "closed_at": "2026-02-27T10:00:00Z"});
    desk.ae.change(&deal, won).await;
    let words = "=HYPERLINK(\"https://evil.example\";\"go\")\nnext line, \"quoted\"";
    promise(&desk, &deal, words, json!({"due": "2026-06-14", "condition": "@SUM(A1)"})).await;
    desk
}

#[tokio::test]
async fn csv_has_a_line_for_each_and_no_formula() {
    let desk = furnished().await;
    let entries = all(&desk.ae, "sort=amount").await;
    let (kind, bytes) = export(&desk.ae, "format=csv&sort=amount").await;
    assert_eq!(kind, "text/csv; charset=utf-8");
    let mut lines = csv::Reader::from_reader(bytes.as_slice());
    let head = lines.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), entries.len());
    for (row, entry) in rows.iter().zip(&entries) {
        let cell = |name: &str| row[head.iter().position(|known| known == name).unwrap()].to_owned();
        assert_eq!(cell("item_id"), text(&entry["id"]));
        assert_eq!(cell("statement").trim_start_matches('\''), text(&entry["statement"]));
        assert_eq!(cell("quote"), entry["said"]["quote"].as_str().unwrap_or_default());
        assert_eq!((cell("amount"), cell("closed_at")), ("-48000.50".to_owned(), "2026-02-27T10:00:00Z".to_owned()));
        let numbers = ["amount", "due_on", "closed_at"];
        for (name, cell) in head.iter().zip(row).filter(|(name, _)| !numbers.contains(name)) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{name}: {cell}");
        }
    }
    let filtered = export(&desk.ae, "format=csv&due_from=2026-06-14&due_to=2026-06-14&q=hyperlink").await.1;
    assert_eq!(csv::Reader::from_reader(filtered.as_slice()).records().count(), 1);
}

#[tokio::test]
async fn json_has_what_the_ledger_shows() {
    let desk = furnished().await;
    let (kind, bytes) = export(&desk.ae, "format=json&sort=due").await;
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((kind.as_str(), &document["schema"]), ("application/json", &json!("baton.ledger/1")));
    assert_eq!(document["promises"], json!(all(&desk.ae, "sort=due").await));
    desk.ae.request(Method::GET, "/v1/ledger/export?format=xls").answer(StatusCode::UNPROCESSABLE_ENTITY).await;
}

#[tokio::test]
async fn parquet_has_typed_columns_that_can_be_read_back() {
    let desk = furnished().await;
    let entries = all(&desk.ae, "sort=due").await;
    let (kind, bytes) = export(&desk.ae, "format=parquet&sort=due").await;
    assert_eq!(kind, "application/vnd.apache.parquet");
    let file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut &file, &bytes).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    let column = |name: &str| schema.columns().iter().find(|column| column.name() == name).unwrap().clone();
    assert_eq!(
        (column("amount").physical_type(), column("due_on").converted_type()),
        (Type::DOUBLE, ConvertedType::DATE)
    );
    assert!(matches!(column("closed_at").logical_type_ref(), Some(LogicalType::Timestamp(_))));
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), entries.len());
    for (row, entry) in rows.iter().zip(&entries) {
        let field = |name: &str| row.get_column_iter().find(|(known, _)| *known == name).unwrap().1.clone();
        let told = |value: &Value| value.as_str().map_or(Field::Null, |text| Field::Str(text.to_owned()));
        assert_eq!(field("statement"), told(&entry["statement"]), "words as they are");
        assert_eq!(field("contract"), told(&entry["attributes"]["contract"]));
        assert_eq!(field("speaker"), told(&entry["said"]["speaker"]));
        assert_eq!(field("amount"), Field::Double(-48000.5));
        let due = match field("due_on") {
            Field::Date(days) => json!(jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days)),
            _ => Value::Null,
        };
        assert_eq!(due, entry["due_on"]);
        assert_eq!(field("closed_at"), Field::TimestampMillis(1_772_186_400_000));
    }
}
