//! Numbers of cases, courts, people and organisations; causes of action. The numbers of people and organisations are made up for these tests.

use proptest::prelude::*;
use rules::identifiers::case_number::{CaseNumber, kept, kinds};
use rules::identifiers::{causes, courts, id_number, uscc};
use rules::{Wrong, civil};
use time::Date;

fn today() -> Date {
    Date::from_ordinal_date(2026, 200).expect("a day")
}

/// 法〔2015〕137号, art. 3: （2026）浙0106民初123号, and however it is typed.
#[test]
fn a_case_number_is_taken_apart_and_put_together() {
    for typed in [
        "（2026）浙0106民初123号",
        "(2026)浙0106民初123号",
        "〔2026〕浙0106民初123号",
        " [２０２６] 浙０１０６ 民初 123 号",
    ] {
        let number = CaseNumber::parse(typed).expect(typed);
        assert_eq!(number.to_string(), "（2026）浙0106民初123号");
        assert_eq!(number.kept(), "(2026)浙0106民初123号");
    }
    let number = CaseNumber::parse("（2026）浙0106民初123号").expect("a number");
    assert_eq!(number.court.name.as_deref(), Some("杭州市西湖区人民法院"));
    assert_eq!(
        (number.court.level, number.kind_name.as_str(), number.group.as_str()),
        ("basic", "民事一审案件", "民事案件")
    );
    assert_eq!(CaseNumber::new(2026, "浙0106", None, "民初", 123).expect("a number"), number);
}

/// 法〔2018〕335号: the character for intellectual property stands before the kind, （2019）最高法知民终1号. 法〔2016〕37号: 之一 for the second ruling.
#[test]
fn special_jurisdictions_high_courts_and_further_documents() {
    let number = CaseNumber::parse("（2019）最高法知民终1号").expect("a number");
    assert_eq!((number.special.as_deref(), number.kind.as_str(), number.court.level), (Some("知"), "民终", "supreme"));
    let number = CaseNumber::parse("（2025）京民终7号之一").expect("a number");
    assert_eq!((number.court.name.as_deref(), number.document), (Some("北京市高级人民法院"), Some(1)));
    assert_eq!(number.to_string(), "（2025）京民终7号之一");
    let number = CaseNumber::parse("（2024）沪72民初9号之十二").expect("a number");
    assert_eq!(
        (number.court.name.as_deref(), number.court.level_name.as_str(), number.document),
        (Some("上海海事法院"), "海事法院", Some(12))
    );
    assert_eq!(
        CaseNumber::parse("（2023）浙0192民初567号").expect("a number").court.name.as_deref(),
        Some("杭州互联网法院")
    );
    assert_eq!(CaseNumber::parse("（2022）兵01民终3号").expect("a number").court.region, "新疆生产建设兵团");
}

#[test]
fn what_is_wrong_with_a_case_number_is_said() {
    for (typed, code) in [
        ("", "case_number.form"),
        ("2026浙0106民初123号", "case_number.form"),
        ("（26）浙0106民初123号", "case_number.year"),
        ("（2014）杨民一（民）初字第4713号", "case_number.old_form"),
        ("（2026）浙0106民初123", "case_number.end"),
        ("（2026）浙0106民初123号甲", "case_number.suffix"),
        ("（2026）欧0106民初123号", "court.code_unknown"),
        ("（2026）浙016民初123号", "court.code_invalid"),
        ("（2026）浙0106民初号", "case_number.serial"),
        ("（2026）浙0106民初0123号", "case_number.serial"),
        ("（2026）浙0106123号", "court.code_invalid"),
        ("（2026）浙0106民间123号", "case_number.kind_unknown"),
        ("（2026）最高法01民终1号", "court.code_invalid"),
    ] {
        let wrong = CaseNumber::parse(typed).expect_err(typed);
        assert_eq!(wrong.code(), code, "{typed}: {wrong}");
        assert!(wrong.sentence().ends_with('。'));
    }
}

/// An import keeps what the strict reading refuses.
#[test]
fn older_numbers_and_unlisted_kinds_are_kept() {
    assert_eq!(kept("（2014）杨民一（民）初字第4713号"), None, "brackets within were never kept");
    assert_eq!(kept("（2015）杭西商初字第4713号").as_deref(), Some("(2015)杭西商初字第4713号"));
    assert_eq!(kept("〔2024〕浙0106民诉前调 12 号").as_deref(), Some("(2024)浙0106民诉前调12号"));
    assert_eq!(kept("民初12号"), None);
}

#[test]
fn codes_of_courts() {
    assert_eq!(courts::read("浙").expect("a code").name.as_deref(), Some("浙江省高级人民法院"));
    assert_eq!(courts::read("浙01").expect("a code").name.as_deref(), Some("杭州市中级人民法院"));
    let unlisted = courts::read("陕0113").expect("a code");
    assert_eq!((unlisted.name, unlisted.region.as_str(), unlisted.level), (None, "陕西省", "basic"));
    assert_eq!(courts::read("浙0106民").expect_err("more").code(), "court.code_unknown");
    assert!(courts::known().count() > 190);
}

/// GB 11643—1999, annex: 11010519491231002X and 440524188001010014 are the standard's own examples.
#[test]
fn the_examples_of_the_standard_for_people() {
    let first = id_number::check("11010519491231002x", today()).expect("the standard's example");
    assert_eq!((first.form.as_str(), first.region.as_deref(), first.sex), ("resident", Some("北京市"), Some("female")));
    assert_eq!(first.born.map(civil::iso).as_deref(), Some("1949-12-31"));
    let second = id_number::check("440524188001010014", today()).expect("the standard's example");
    assert_eq!((second.region.as_deref(), second.sex), (Some("广东省"), Some("male")));
}

/// Made with the same arithmetic on paper: weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2, sum modulo 11, table 1 0 X 9 8 7 6 5 4 3 2.
/// 81000019900101001: 56+9+0+0+0+0+2+9+54+0+0+9+0+5+0+0+2 = 146, 146 mod 11 = 3 → 9. 91112419810803002: 63+9+10+5+16+16+2+9+48+3+0+72+0+15+0+0+4 = 272, mod 11 = 8 → 4.
#[test]
fn people_from_hong_kong_and_abroad() {
    let hong_kong = id_number::check("810000199001010019", today()).expect("a number");
    assert_eq!((hong_kong.form.as_str(), hong_kong.region.as_deref()), ("hmt_resident", Some("香港")));
    let foreign = id_number::check("911124198108030024", today()).expect("a number");
    assert_eq!((foreign.form.as_str(), foreign.region.as_deref()), ("foreign_permanent_resident", Some("北京市")));
    assert_eq!(
        id_number::check("CAN110081080310", today()).expect("the older form").form,
        "foreign_permanent_resident"
    );
}

#[test]
fn what_is_wrong_with_a_number_is_said_without_repeating_it() {
    for (typed, code) in [
        ("", "value.missing"),
        ("110105491231002", "id_number.old"),
        ("1101051949123100", "id_number.length"),
        ("11010519491231002Y", "id_number.characters"),
        ("99010519491331002X", "id_number.birth"),
        ("01010519491231002X", "id_number.region"),
        ("110105194912310021", "id_number.check"),
        ("110105203012310021", "id_number.birth"),
        ("１１０１０５１９４９１２３１００２Y", "id_number.characters"),
        ("一一零一零五一九四九一二三一零零二X", "id_number.characters"),
    ] {
        let wrong = id_number::check(typed, today()).expect_err(typed);
        assert_eq!(wrong.code(), code, "{typed}");
        assert!(typed.is_empty() || !wrong.to_string().contains(typed));
    }
}

/// Made up; 31 less the sum of value × 3^(i−1) modulo 31, and GB 11714 for characters 9 to 17: 91330106MA000005 + X? is worked out in `codes_of_organisations`.
fn organisation(body: &str) -> String {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let weights = [1u32, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum: u32 = body
        .bytes()
        .zip(weights)
        .map(|(byte, weight)| {
            weight
                * u32::try_from(CHARACTERS.iter().position(|known| *known == byte).expect("a character"))
                    .expect("small")
        })
        .sum();
    format!("{body}{}", CHARACTERS[usize::try_from((31 - sum % 31) % 31).expect("small")] as char)
}

/// GB 32100—2015. The subject's code 12345678-8: 1·3+2·7+3·9+4·10+5·5+6·8+7·4+8·2 = 201, 201 mod 11 = 3, 11 − 3 = 8. MA000000: M is 22, A 10: 22·3+10·7 = 136, mod 11 = 4 → 7.
#[test]
fn codes_of_organisations_warn_and_never_refuse() {
    for body in ["91330106123456788", "91330106MA0000007"] {
        let code = organisation(body);
        let said = uscc::check(&code.to_lowercase());
        assert_eq!(
            (said.code.as_str(), said.warnings.as_slice(), said.registrar),
            (code.as_str(), &[][..], Some("市场监督管理"))
        );
    }
    let warnings = |typed: &str| uscc::check(typed).warnings.iter().map(|warning| warning.code).collect::<Vec<_>>();
    assert_eq!(warnings("123"), ["uscc.length"]);
    assert_eq!(warnings("9133010612345678I8"), ["uscc.characters"]);
    assert!(warnings(&organisation("91330106123456787")).contains(&"uscc.subject"));
    assert!(warnings("913301061234567880").contains(&"uscc.check"));
    assert_eq!(warnings(&organisation("B1330106123456788")), ["uscc.registrar"]);
}

/// 法〔2025〕227号: twelve parts, 59 classes, 514 causes; contracts are 78 to 147.
#[test]
fn causes_of_the_edition_of_2026() {
    let causes = causes::on(today()).expect("an edition");
    let count = |level| causes.causes.iter().filter(|cause| cause.level == level).count();
    assert_eq!((count(1), count(2), count(3)), (12, 59, 514));
    let contracts: Vec<&str> = causes.below(Some("C10")).map(|cause| cause.code.as_str()).collect();
    assert_eq!((contracts.first(), contracts.last(), contracts.len()), (Some(&"78"), Some(&"147"), 70));
    let loan = causes.find("108.3").expect("a cause");
    assert_eq!(
        (loan.name.as_str(), loan.path.join("／").as_str()),
        ("民间借贷纠纷", "合同、准合同纠纷／合同纠纷／借款合同纠纷")
    );
    assert_eq!(causes.citations[0].text, "《民事案件案由规定》（2025年修正）");
    assert_eq!(
        causes::on(Date::from_ordinal_date(2025, 1).expect("a day")).expect_err("older").code(),
        "rule.not_in_force"
    );
}

#[test]
fn causes_are_found_by_words_and_by_initials() {
    let causes = causes::on(today()).expect("an edition");
    let first = |words: &str| causes.search(words, 10).first().map(|cause| cause.name.as_str());
    for (words, name) in [
        ("民间借贷", "民间借贷纠纷"),
        ("mjjd", "民间借贷纠纷"),
        ("MJJDJF", "民间借贷纠纷"),
        ("离婚", "离婚纠纷"),
        ("lh", "离婚纠纷"),
        ("房屋 租赁", "房屋租赁合同纠纷"),
        ("fw 租赁", "房屋租赁合同纠纷"),
        ("机动车", "机动车交通事故责任纠纷"),
        ("wyfw", "物业服务合同纠纷"),
        ("yh 卡", "银行卡纠纷"),
        ("108", ""),
    ] {
        assert_eq!(first(words).unwrap_or_default(), name, "{words}");
    }
    assert!(causes.search("", 10).is_empty() && causes.search("  ", 10).is_empty());
    assert!(causes.search("纠纷", 20).len() == 20);
}

proptest! {
    #[test]
    fn p11_no_text_makes_a_parser_panic(typed in ".{0,24}") {
        let _ = id_number::check(&typed, today());
        let _ = uscc::check(&typed);
        let _ = kept(&typed);
        let _ = courts::read(&typed);
        let _ = causes::on(today()).expect("an edition").search(&typed, 5);
        if let Err(Wrong::Identifier { sentence, .. }) = CaseNumber::parse(&typed) {
            prop_assert!(sentence.ends_with('。'));
        }
    }

    #[test]
    fn p11_no_digits_or_letters_make_a_parser_panic(typed in "[0-9A-Z()号浙民初X之一]{14,20}") {
        let _ = id_number::check(&typed, today());
        let _ = uscc::check(&typed);
        let _ = CaseNumber::parse(&typed);
    }

    #[test]
    fn p11_one_digit_changed_in_a_number_is_always_seen(at in 0usize..17, by in 1u8..10) {
        let mut bytes = b"11010519491231002X".to_vec();
        bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
        prop_assert!(id_number::check(std::str::from_utf8(&bytes).expect("digits"), today()).is_err());
    }

    #[test]
    fn every_kind_of_every_region_is_read_back(kind in 0usize..kinds().len(), year in 2016u16..2100, serial in 1u32..100_000, number in 0u16..10_000, region in prop::sample::select(vec!["京", "浙", "兵", "新"])) {
        let kind = &kinds()[kind].code;
        let made = CaseNumber::new(year, &format!("{region}{number:04}"), None, kind, serial).expect("a number");
        prop_assert_eq!(CaseNumber::parse(&made.to_string()).expect("a number"), made.clone());
        prop_assert_eq!(kept(&made.to_string()).expect("kept"), made.kept());
    }
}
