//! Tables as other programs write them, and as nobody should.

use std::fmt::Write;

use papers::{TABLE_BYTES, TABLE_ROWS, TableKind, table};
use proptest::prelude::*;

use crate::made::{docx, package};

/// A workbook with these sheets; a cell is the inner XML of `<c>` with its attributes: `t="str"><v>x</v>`.
fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut list, mut relations) = (String::new(), String::new());
    for (index, (name, _)) in sheets.iter().enumerate() {
        let n = index + 1;
        write!(list, r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#).unwrap();
        write!(relations, r#"<Relationship Id="rId{n}" Type="{rel}/worksheet" Target="worksheets/sheet{n}.xml"/>"#)
            .unwrap();
    }
    let book = format!(r#"<workbook xmlns="{ns}" xmlns:r="{rel}"><sheets>{list}</sheets></workbook>"#);
    let relations = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}<Relationship Id="rIdS" Type="{rel}/styles" Target="styles.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{ns}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let parts: Vec<(String, String)> = sheets
        .iter()
        .enumerate()
        .map(|(index, (_, rows))| {
            let sheet = format!(r#"<worksheet xmlns="{ns}"><sheetData>{rows}</sheetData></worksheet>"#);
            (format!("xl/worksheets/sheet{}.xml", index + 1), sheet)
        })
        .collect();
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ];
    entries.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    package(&entries)
}

/// The rows of the only sheet, with their numbers.
fn rows(bytes: &[u8], kind: TableKind) -> Vec<(u64, Vec<String>)> {
    let sheets = table(bytes, kind).expect("a table");
    assert_eq!(sheets.len(), 1);
    sheets[0].rows.iter().map(|row| (row.number, row.cells.clone())).collect()
}

fn refused(bytes: &[u8], kind: TableKind) -> &'static str {
    table(bytes, kind).expect_err("refused").code()
}

fn cells(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn csv_is_read_in_the_encodings_that_people_save_it_in() {
    let text = "案号,姓名\r\n(2026)沪0113民初1号,\"沈望舒, 女\"\r\n";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let marked = format!("\u{feff}{text}");
    for bytes in [text.as_bytes(), marked.as_bytes(), &gb, &utf16] {
        assert_eq!(
            rows(bytes, TableKind::Csv),
            [(1, cells(&["案号", "姓名"])), (2, cells(&["(2026)沪0113民初1号", "沈望舒, 女"]))]
        );
    }
    assert_eq!(refused(b"a,b\n\xff\xff\x00", TableKind::Csv), "table_encoding");
}

#[test]
fn a_row_is_named_by_the_line_where_it_begins_and_empty_rows_are_none() {
    let text = "a,b\n\n  , \n\"two\nlines\",x\n,last\n";
    assert_eq!(
        rows(text.as_bytes(), TableKind::Csv),
        [(1, cells(&["a", "b"])), (4, cells(&["two\nlines", "x"])), (6, cells(&["", "last"]))]
    );
}

#[test]
fn a_formula_is_its_stored_value_and_a_dangerous_cell_is_data() {
    let sheet = r#"<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x","y")</f><v>shown</v></c><c r="B2"><f>1+1</f><v>2</v></c>
        <c r="C2" t="inlineStr"><is><t>=cmd|'/c calc'!A1</t></is></c><c r="D2"><v>13900000001</v></c>
        <c r="E2" s="1"><v>46307</v></c><c r="F2" t="b"><v>1</v></c></row>"#;
    let expected = cells(&["shown", "2", "=cmd|'/c calc'!A1", "13900000001", "2026-10-12", "是"]);
    assert_eq!(rows(&workbook(&[("案件", sheet)]), TableKind::Xlsx), [(2, expected)]);
    assert_eq!(rows(b"=1+1,@x,+1,-1", TableKind::Csv), [(1, cells(&["=1+1", "@x", "+1", "-1"]))]);
}

#[test]
fn sr33_a_table_has_an_end() {
    let corner = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert_eq!(refused(&workbook(&[("a", corner)]), TableKind::Xlsx), "table_too_large", "columns");
    assert_eq!(refused(&vec![b'a'; TABLE_BYTES + 1], TableKind::Csv), "table_too_large", "bytes");
    assert_eq!(refused("a\n".repeat(TABLE_ROWS + 1).as_bytes(), TableKind::Csv), "table_too_large", "rows");
    assert_eq!(refused("字".repeat(1_001).as_bytes(), TableKind::Csv), "table_too_large", "a cell");
    assert_eq!(rows("a\n".repeat(TABLE_ROWS).as_bytes(), TableKind::Csv).len(), TABLE_ROWS);
    assert_eq!(refused(b"", TableKind::Csv), "file_empty");
    assert_eq!(refused(&docx(), TableKind::Xlsx), "file_type_mismatch");
    assert_eq!(refused(b"a,b", TableKind::Xlsx), "file_broken");
    let bomb = vec![b' '; 140 * 1024 * 1024];
    let bomb = package(&[
        ("[Content_Types].xml", br#"<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", &bomb),
    ]);
    assert_eq!(refused(&bomb, TableKind::Xlsx), "archive_bomb");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p11_no_bytes_break_the_reader_of_tables(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = table(&bytes, TableKind::Csv);
        let _ = table(&bytes, TableKind::Xlsx);
    }

    #[test]
    fn p11_a_damaged_workbook_is_a_refusal_or_a_table(at in 0usize..2_000, byte in any::<u8>(), xml in "[<>/a-c0-9 =\"]{0,60}") {
        let mut bytes = workbook(&[("a", &xml)]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = table(&bytes, TableKind::Xlsx);
    }

    #[test]
    fn a_written_table_is_read_as_it_was(table_of in proptest::collection::vec(proptest::collection::vec("[a-z字,\" =]{0,6}", 1..5), 1..8)) {
        let mut text = String::new();
        for row in &table_of {
            let line: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            writeln!(text, "{}", line.join(",")).unwrap();
        }
        let mut expected = Vec::new();
        for (index, row) in table_of.iter().enumerate() {
            let mut row: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
            while row.last().is_some_and(String::is_empty) {
                row.pop();
            }
            if !row.is_empty() {
                expected.push((index as u64 + 1, row));
            }
        }
        prop_assert_eq!(rows(text.as_bytes(), TableKind::Csv), expected);
    }
}
