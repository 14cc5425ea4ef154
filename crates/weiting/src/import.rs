//! `weiting import`: cases and people from a court's own system.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use court::beijing;
use desk::{HostChance, HostClock};
use docket::read::{Form, Unreadable};
use docket::{ImportAnswer, Importing, NotImported};
use store::Store;

use crate::serve;
use crate::settings::Settings;

/// How many lines of the history are printed.
const HISTORY: u64 = 100;

/// Imports a file, or says everything that is wrong with it.
pub(crate) async fn import(settings: Settings, file: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let name = file.display();
    let form =
        Form::of_name(&file.to_string_lossy()).with_context(|| format!("{name} 不是 .json、.csv 或者 .xlsx 文件"))?;
    let size = std::fs::metadata(file).with_context(|| format!("{name} 无法读取"))?.len();
    if size > papers::TABLE_BYTES as u64 {
        bail!("{name}：{}", papers::TableRefusal::TooLarge.detail());
    }
    let bytes = std::fs::read(file).with_context(|| format!("{name} 无法读取"))?;
    let store = Store::open(settings.store_options(), |_| ()).await?;
    serve::unlock(&settings, &store).await?;
    let how = Importing {
        store: &store,
        clock: &HostClock,
        chance: &HostChance,
        court: &settings.court.name,
        source: "weiting import",
        check,
        worker: None,
    };
    let outcome = docket::import(how, bytes, form).await;
    store.close().await;
    match outcome {
        Ok(answer) => {
            print(&answer);
            Ok(ExitCode::SUCCESS)
        }
        Err(NotImported::Unreadable(unreadable)) => {
            if let Unreadable::Rows(faults) = &unreadable {
                faults.iter().for_each(|fault| eprintln!("{fault}"));
            }
            eprintln!("{name}：{}", unreadable.detail());
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

fn print(answer: &ImportAnswer) {
    println!("{}", if answer.checked { "检查通过，没有写入。导入后将会：" } else { "导入完成。" });
    for (what, counts) in [("案件", &answer.cases), ("人员", &answer.people), ("诉讼参与人", &answer.participants)]
    {
        println!("  {what}：新增 {}，更改 {}，未变 {}", counts.new, counts.changed, counts.same);
    }
    if answer.ended > 0 {
        println!("  其中终止：{}", answer.ended);
    }
    if let Some(import) = answer.import {
        println!("  编号：{import}");
    }
}

/// Prints an example file.
pub(crate) fn example(form: &str) -> anyhow::Result<()> {
    let form = Form::of_name(&format!("example.{form}")).context("示例文件的格式为 json、csv 或者 xlsx")?;
    std::io::stdout().write_all(docket::example(form)).context("示例文件无法写出")
}

/// Prints the lines that imports left.
pub(crate) async fn history(settings: Settings) -> anyhow::Result<()> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    for (run, changes) in store.import_runs(HISTORY).await? {
        let at = beijing::short(beijing::from_micros(run.at));
        println!("{at}  {}  {}  {} 行  SHA-256 {}  {}  {changes}", run.id, run.form, run.rows, run.sha256, run.source);
    }
    store.close().await;
    Ok(())
}
