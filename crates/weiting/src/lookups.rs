//! `weiting import-laws` and `weiting import-courts`: what everybody may look up.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use court::beijing;
use desk::{Clock, HostClock};
use store::Store;
use tools::{NoCourts, NotLoaded};

use crate::settings::Settings;

/// Loads a folder of laws, or says everything that is wrong with it.
pub(crate) async fn laws(settings: Settings, folder: &Path) -> anyhow::Result<ExitCode> {
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let outcome = tools::import_laws(&store, folder, beijing::micros(HostClock.now())).await;
    store.close().await;
    match outcome {
        Ok(done) => {
            println!(
                "法规导入完成：新增 {}，更改 {}，未变 {}，共 {} 条。",
                done.new, done.changed, done.same, done.articles
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(error @ NotLoaded::Files(_)) => {
            if let NotLoaded::Files(faults) = &error {
                faults.iter().for_each(|fault| eprintln!("{}：{}", fault.file, fault.reason));
            }
            eprintln!("{error}");
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

/// Loads a table of courts, or says everything that is wrong with it.
pub(crate) async fn courts(settings: Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let name = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("{name} 无法读取"))?.len();
    if size > papers::TABLE_BYTES as u64 {
        bail!("{name}：{}", papers::TableRefusal::TooLarge.detail());
    }
    let bytes = std::fs::read(file).with_context(|| format!("{name} 无法读取"))?;
    let store = Store::open(settings.store_options(), |_| ()).await?;
    let outcome = tools::import_courts(&store, &file.to_string_lossy(), &bytes).await;
    store.close().await;
    match outcome {
        Ok(places) => {
            println!("法院信息导入完成：{places} 处，原有的已被替换。");
            Ok(ExitCode::SUCCESS)
        }
        Err(NoCourts::Store(error)) => Err(error.into()),
        Err(error) => {
            if let NoCourts::Rows(faults) = &error {
                faults.iter().for_each(|fault| eprintln!("{fault}"));
            }
            eprintln!("{name}：{error}");
            Ok(ExitCode::FAILURE)
        }
    }
}
