//! What files say, and everything that may be wrong with them.

use docket::example;
use docket::read::{Fault, Form, Unreadable, read};
use proptest::prelude::*;
use store::Import;

const HEADING: &str =
    "案号,案件名称,案由,立案日期,诉讼环节,案件状态,姓名或名称,类型,代表人,代表人职务,手机号,诉讼地位,是否终止";
const GOOD: &str = "(2026)沪0113民初1号,甲 诉 乙,民间借贷纠纷,2026-10-12,审理,未结,王一方,自然人,,,13900000001,原告,";

fn csv(rows: &[&str]) -> Result<Import, Unreadable> {
    read(format!("{HEADING}\n{}\n", rows.join("\n")).as_bytes(), Form::Csv).map(|said| said.import)
}

/// The faults, as people read them.
fn faults(result: Result<Import, Unreadable>) -> Vec<String> {
    match result {
        Err(Unreadable::Rows(faults)) => faults.iter().map(Fault::to_string).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(said) => panic!("taken: {said:?}"),
    }
}

/// Where the faults are: row and column.
fn places(result: Result<Import, Unreadable>) -> Vec<(u64, &'static str)> {
    match result {
        Err(Unreadable::Rows(faults)) => faults.iter().map(|fault| (fault.place.row, fault.column)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_three_examples_say_the_same() {
    let said = Form::ALL.map(|form| read(example(form), form).expect("an example is right").import);
    assert_eq!((said[0].cases.len(), said[0].parts.len()), (2, 11));
    for other in &said[1..] {
        for (a, b) in said[0].parts.iter().zip(&other.parts) {
            assert_eq!((a, a.case), (&store::ImportPart { row: a.row, ..b.clone() }, b.case));
        }
        for (a, b) in said[0].cases.iter().zip(&other.cases) {
            assert_eq!(*a, store::ImportCase { row: a.row, ..b.clone() });
        }
    }
    let firm = &said[0].parts[0];
    assert_eq!(firm.name, "宝山禾木家具有限公司");
    assert_eq!((firm.person.as_str(), firm.acting.as_deref()), ("林佳", Some("法定代表人 林佳")));
    assert_eq!(said[0].parts[3].ended, Some(true));
}

#[test]
fn a_case_number_a_day_and_a_telephone_number_are_taken_as_people_write_them() {
    for (number, day, phone) in [
        ("(2026)沪0113民初1号", "2026-10-12", "13900000001"),
        ("（２０２６）沪0113 民初1号", "2026/10/12", "139 0000 0001"),
        ("〔2026〕沪0113民初1号", "2026年10月12日", "+86 139-0000-0001"),
        ("[2026]沪0113民初1号", "2026.10.12", "13900000001"),
    ] {
        let said = csv(&[&format!("{number},甲 诉 乙,借贷,{day},,,王,,,,{phone},原告,")]).expect(number);
        assert_eq!(said.cases[0].number, "(2026)沪0113民初1号");
        assert_eq!(said.cases[0].filed_on.as_deref(), Some("2026-10-12"));
        assert_eq!(said.parts[0].phone, "13900000001");
    }
}

#[test]
fn every_wrong_cell_is_named_with_its_row_column_and_reason_and_not_only_the_first() {
    let rows = [
        GOOD,
        "2026沪民初1号,,,10月12日,上诉,结了,,公司,林佳,,12345,律师,也许",
        "(2026)沪0113民初2号,甲,乙,2026-02-30,,,张三,,,,,被告,",
    ];
    assert_eq!(
        places(csv(&rows)),
        [
            (3, "代表人职务"),
            (3, "姓名或名称"),
            (3, "手机号"),
            (3, "是否终止"),
            (3, "案件状态"),
            (3, "案号"),
            (3, "立案日期"),
            (3, "类型"),
            (3, "诉讼地位"),
            (3, "诉讼环节"),
            (4, "手机号"),
            (4, "立案日期"),
        ]
    );
    let said = faults(csv(&rows));
    assert!(said[2] == "第 3 行，手机号：“12345”不是 11 位中国大陆手机号。", "{}", said[2]);
    assert!(said[5].contains("应当像 (2026)沪0113民初10241号"), "{}", said[5]);
}

#[test]
fn what_contradicts_itself_is_refused_with_both_rows() {
    let other = |changed: &str| faults(csv(&[GOOD, changed]));
    let again = other(GOOD);
    assert_eq!(again, ["第 3 行，诉讼地位：与第 2 行重复：同一案件中，同一手机号、同一诉讼地位只能有一行。"]);
    let cause = other("(2026)沪0113民初1号,,买卖合同纠纷,,,,李四,,,,13900000002,被告,");
    assert_eq!(cause, ["第 3 行，案由：同一案件的内容与第 2 行不一致，请改成一样，或者只填一行。"]);
    let name = other("(2026)沪0113民初2号,,,,,,李四,,,,13900000001,被告,");
    assert_eq!(name, ["第 3 行，手机号：这个手机号在第 2 行是另一个人的，请核对。"]);
}

#[test]
fn an_organisation_is_a_party_and_somebody_acts_for_it() {
    let row = |rest: &str| csv(&[&format!("(2026)沪0113民初1号,甲 诉 乙,借贷,2026-10-12,,,甲公司,{rest}")]);
    assert_eq!(places(row("单位,,,13900000001,原告,")), [(2, "代表人")]);
    assert_eq!(places(row("单位,林佳,,13900000001,原告,")), [(2, "代表人职务")]);
    assert_eq!(places(row("单位,林佳,法定代表人,13900000001,书记员,")), [(2, "类型")]);
    let said = row("单位,林佳,法定代表人,13900000001,原告,").expect("right");
    assert_eq!((said.parts[0].name.as_str(), said.parts[0].person.as_str()), ("甲公司", "林佳"));
    // A person may be represented too, by a guardian.
    let said = row("自然人,林佳,法定代理人,13900000001,原告,").expect("right");
    assert_eq!(said.parts[0].acting.as_deref(), Some("法定代理人 林佳"));
}

#[test]
fn columns_are_known_by_name_in_any_order_and_others_are_refused() {
    let import = read("手机号,诉讼地位,姓名,案号\n13900000001,原告,王,(2026)沪0113民初1号\n".as_bytes(), Form::Csv);
    assert_eq!(import.expect("right").import.parts.len(), 1);
    let wrong = |text: &str| faults(read(text.as_bytes(), Form::Csv).map(|said| said.import));
    assert!(wrong("案号,身份证号\n(2026)沪0113民初1号,310113199001011234\n")[0].contains("不认识的列“身份证号”"));
    assert!(wrong("案号,案号\n")[0].contains("出现了两次"));
    assert!(wrong("姓名\n王\n")[0].contains("缺少列“案号”"));
    assert!(wrong("案号\n(2026)沪0113民初1号,多出来\n")[0].contains("没有列名"));
    assert!(wrong("案号\n")[0].contains("没有可以导入的案件"));
}

#[test]
fn json_names_the_line_of_what_is_wrong_and_knows_its_fields() {
    let read = |text: &str| read(text.as_bytes(), Form::Json).map(|said| said.import);
    let text = "{\"cases\": [\n  {\"number\": \"(2026)沪0113民初1号\", \"participants\": [\n    {\"name\": \"王\", \"phone\": 13900000001, \"capacity\": \"plaintiff\", \"ended\": false},\n    {\"name\": \"李\", \"phone\": \"1\", \"capacity\": \"原告\", \"idcard\": \"310113199001011234\"}\n  ]}\n]}";
    let said = faults(read(text));
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|fault| fault.starts_with("第 4 行")), "{said:?}");
    assert!(said[0].contains("不认识的字段“idcard”"), "{said:?}");
    assert!(matches!(read("{\"cases\": [], \"x\": 1}"), Err(Unreadable::Json { line: 1 })));
    assert!(matches!(read("{\"cases\": [\n{]}"), Err(Unreadable::Json { line: 2 })));
    assert_eq!(places(read("{\"cases\": [1, {\"participants\": {}, \"number\": \"(2026)沪0113民初1号\"}]}")).len(), 2);
    // A column of a participant is none of a case.
    assert_eq!(places(read("{\"cases\": [{\"number\": \"(2026)沪0113民初1号\", \"phone\": \"1\"}]}")), [(1, "JSON")]);
}

#[test]
fn a_dangerous_cell_is_a_name_like_any_other() {
    let said = csv(&[
        "(2026)沪0113民初1号,甲,乙,2026-10-12,,,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",,,,13900000001,原告,",
    ]);
    assert_eq!(said.expect("data").parts[0].name, "=HYPERLINK(\"http://x\",\"y\")");
    assert_eq!(
        places(csv(&["(2026)沪0113民初1号,甲,乙,2026-10-12,,,\"a\u{7}\",,,,13900000001,原告,"])),
        [(2, "姓名或名称")]
    );
}

#[test]
fn sr52_no_fault_repeats_a_whole_telephone_or_identity_number() {
    let rows = [
        "310113199001011234,甲,乙,13912345678,13912345678,13912345678,王,13912345678,,,310113199001011234,13912345678,13912345678",
        "(2026)沪0113民初1号,,,,,,王,,,,1391234567８9,原告,",
    ];
    let said = faults(csv(&rows)).join("\n");
    assert!(
        !said.contains("13912345678") && !said.contains("310113199001011234") && !said.contains("1391234567"),
        "{said}"
    );
    assert!(said.contains("139****78"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p11_no_file_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for form in Form::ALL {
            let _ = read(&bytes, form);
        }
    }

    #[test]
    fn p11_no_json_breaks_the_reader(text in "[\\[\\]{}\":,a-z0-9 \\n]{0,80}") {
        let _ = read(format!("{{\"cases\":[{text}]}}").as_bytes(), Form::Json);
        let _ = read(format!("{{\"cases\":[{{\"number\":\"{text}\"}}]}}").as_bytes(), Form::Json);
    }

    /// Whatever stands in one cell of one row: either it is taken or the fault names that row, and the good rows are never blamed.
    #[test]
    fn errors_name_the_row(cell in "[^\"\\x00-\\x1f]{0,30}", column in 0usize..13, before in 0usize..5) {
        let mut rows: Vec<String> = (0..before)
            .map(|n| format!("(2026)沪0113民初{}号,甲 诉 乙,借贷,2026-10-12,审理,未结,王,,,,138000000{:02},原告,", n + 10, n))
            .collect();
        let mut cells: Vec<String> = GOOD.split(',').map(str::to_owned).collect();
        cells[column] = format!("\"{cell}\"");
        rows.push(cells.join(","));
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        if let Err(error) = csv(&rows) {
            let Unreadable::Rows(faults) = error else { return Err(TestCaseError::fail(format!("{error:?}"))) };
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.iter().all(|fault| fault.place.row == before as u64 + 2), "{faults:?}");
        }
    }
}
