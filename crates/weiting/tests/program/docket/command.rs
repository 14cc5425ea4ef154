//! `weiting import` and `weiting token`, run as an operator runs them.

use std::path::Path;
use std::process::{Command, Output};

fn weiting(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weiting"));
    command.current_dir(folder).args(arguments);
    if !arguments.contains(&"--example") {
        command.args(["--dir", "court"]);
    }
    command.env_remove("WEITING_SETTINGS").output().expect("the program runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_operator_imports_the_examples_checks_first_and_sees_what_was_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::create_dir(at.join("court")).expect("a folder");
    for form in ["json", "csv", "xlsx"] {
        let example = weiting(at, &["import", "--example", form]);
        assert!(example.status.success(), "{}", err(&example));
        std::fs::write(at.join(format!("cases.{form}")), &example.stdout).expect("a file");
    }
    let checked = weiting(at, &["import", "cases.xlsx", "--check"]);
    assert!(checked.status.success(), "{}", err(&checked));
    assert!(
        out(&checked).contains("没有写入") && out(&checked).contains("案件：新增 2，更改 0，未变 0"),
        "{}",
        out(&checked)
    );
    let first = weiting(at, &["import", "cases.xlsx"]);
    assert!(
        out(&first).contains("导入完成") && out(&first).contains("诉讼参与人：新增 11，更改 0，未变 0"),
        "{}",
        out(&first)
    );
    for again in ["cases.csv", "cases.json", "cases.xlsx"] {
        let again = weiting(at, &["import", again]);
        assert!(out(&again).contains("案件：新增 0，更改 0，未变 2"), "{}", out(&again));
        assert!(out(&again).contains("诉讼参与人：新增 0，更改 0，未变 11"), "{}", out(&again));
    }
    let history = out(&weiting(at, &["import", "--history"]));
    assert_eq!(history.lines().count(), 4, "{history}");
    assert!(!history.contains("1980000"), "no telephone number in the audit lines");
    // Whoever was imported can be logged in as.
    let token = weiting(at, &["token", "--person", "19800000005"]);
    assert!(token.status.success() && out(&token).trim().len() == 43, "{}", err(&token));
}

#[test]
fn a_wrong_file_is_refused_with_every_line_and_nothing_is_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::create_dir(at.join("court")).expect("a folder");
    let text = "案号,案件名称,案由,立案日期,姓名,手机号,诉讼地位\n\
                (2026)沪0113民初1号,甲 诉 乙,借贷,2026-10-12,王一方,13912345678,原告\n\
                (2026)沪0113民初1号,,,,李四,1391234567,被告\n\
                (2026)沪0113民初2号,,借贷,2026-10-12,王一方,13912345678,律师\n";
    std::fs::write(at.join("cases.csv"), text).expect("a file");
    let refused = weiting(at, &["import", "cases.csv"]);
    assert!(!refused.status.success());
    let said = err(&refused);
    assert!(said.contains("第 3 行，手机号：“139****67”不是 11 位"), "{said}");
    assert!(said.contains("第 4 行，诉讼地位："), "{said}");
    assert!(said.contains("有 2 处问题，全部没有导入"), "{said}");
    assert!(!said.contains("1391234567"), "{said}");
    assert!(!weiting(at, &["token", "--person", "13912345678"]).status.success(), "nobody came in");
    assert_eq!(out(&weiting(at, &["import", "--history"])), "");
    assert!(!weiting(at, &["import", "cases.docx"]).status.success());
    assert!(!weiting(at, &["import"]).status.success(), "it says what it wants");
}

#[test]
fn tokens_of_integrations_are_listed_and_revoked_and_never_shown_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    std::fs::create_dir(at.join("court")).expect("a folder");
    let made = weiting(at, &["token", "--integration", "审判管理系统", "--days", "30"]);
    let token = out(&made).trim().to_owned();
    assert_eq!(token.len(), 43, "{}", err(&made));
    let list = out(&weiting(at, &["token", "--list"]));
    assert!(list.contains("审判管理系统") && list.contains("valid") && list.contains("import"), "{list}");
    assert!(!list.contains(&token));
    let id = list.split_whitespace().next().expect("an id");
    assert!(weiting(at, &["token", "--revoke", id]).status.success());
    assert!(!weiting(at, &["token", "--revoke", id]).status.success(), "once");
    assert!(out(&weiting(at, &["token", "--list"])).contains("revoked"));
    assert!(!weiting(at, &["token", "--integration", "x", "--days", "400"]).status.success(), "not for ever");
}
