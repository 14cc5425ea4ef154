//! The program: command line, and the wiring of the house in one stated order. A library, so that whole-program tests can stand in it.

mod app;
mod demo;
mod import;
mod jobs;
mod key;
mod keys;
mod lookups;
mod openapi;
mod press;
mod proof;
mod receipts;
mod recover;
mod serve;
mod settings;
mod token;
mod user;
mod verify;
mod verify_log;
mod worker;

pub use openapi::text as openapi_text;
pub use proof::{WitnessState, witness_router};
pub use receipts::LogReceipts;
pub use serve::{api, desk, router, run};
pub use settings::Settings;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// An online court that a court can run itself.
#[derive(Debug, Parser)]
#[command(name = "weiting", version, about)]
struct Cli {
    /// Settings file (TOML). Every setting can also be given as an environment variable, e.g. `WEITING__STORE__DATABASE`.
    #[arg(long, global = true, env = "WEITING_SETTINGS")]
    settings: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the court.
    Serve,
    /// Serve a demonstration court with invented people and a simulated SMS provider.
    Demo {
        /// Where its data is kept.
        #[arg(long, default_value = "demo-data")]
        dir: PathBuf,
        /// The port of the app; the simulator takes the next one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Another database than the SQLite file in the folder, e.g. `postgres://…`.
        #[arg(long)]
        database: Option<String>,
    },
    /// Check what you are given (bundles, receipts, checkpoints; no server, no database), or that every record of a court is complete and unaltered.
    Verify {
        /// Bundles (a .zip or its unpacked folder), sealed transcripts (.pdf), receipts and checkpoints. Without any, the court's own records are checked.
        #[arg(conflicts_with_all = ["all", "dir"])]
        files: Vec<PathBuf>,
        /// The court's public key as it published it; without it, the key that stands in the file is believed.
        #[arg(long, value_name = "KEY", requires = "files")]
        key: Option<String>,
        /// A PEM file with the roots of those whose seals and time stamps are believed; without it, it is only checked that a sealed PDF is as it
        /// was when it was sealed.
        #[arg(long, value_name = "FILE", requires = "files")]
        roots: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
        /// Check everything, files and the signed log included.
        #[arg(long)]
        all: bool,
    },
    /// Bring cases, parties, agents and staff from the court's own system into the books: all of a file, or nothing.
    #[command(group = clap::ArgGroup::new("import_what").required(true).args(["file", "example", "history"]))]
    Import {
        /// A .json, .csv or .xlsx file, as docs/import.md describes it.
        file: Option<PathBuf>,
        /// Look at everything and change nothing.
        #[arg(long, requires = "file")]
        check: bool,
        /// Print an example file: json, csv or xlsx.
        #[arg(long, value_name = "FORM")]
        example: Option<String>,
        /// Print what was imported, the latest first.
        #[arg(long)]
        history: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Load the texts of laws for everybody to look up (法规查询): every .md file of a folder, or none when one of them cannot be read.
    ImportLaws {
        /// Markdown files: `# title`, who passed it when, articles that begin with 第…条.
        folder: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Load where courts and their tribunals are (法院导航), in place of what was there.
    ImportCourts {
        /// A .csv or .toml file, as docs/import.md describes it.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Print a bearer token for a program that acts as a person, or one for a program of the court; list and revoke the latter.
    #[command(group = clap::ArgGroup::new("token_what").required(true).args(["person", "integration", "list", "revoke"]))]
    Token {
        /// The person's id or phone number.
        #[arg(long)]
        person: Option<String>,
        /// In which role, when the person has several.
        #[arg(long, requires = "person")]
        role: Option<String>,
        /// The name of a system of the court: its token may import, and nothing else.
        #[arg(long, value_name = "NAME")]
        integration: Option<String>,
        /// How long an integration's token lasts, in days: 1 to 366.
        #[arg(long, requires = "integration", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
        /// List the tokens of integrations.
        #[arg(long)]
        list: bool,
        /// End an integration's token, by the id that the list shows.
        #[arg(long, value_name = "ID")]
        revoke: Option<court::IntegrationId>,
        #[command(flatten)]
        place: Place,
    },
    /// The court's staff: invite somebody to an office, list the offices, end one.
    User {
        #[command(subcommand)]
        what: UserCommand,
    },
    /// List the jobs that were given up, or let one be tried again.
    Jobs {
        /// Try this one again, by the number that the list shows.
        #[arg(long, value_name = "NUMBER")]
        retry: Option<i64>,
        #[command(flatten)]
        place: Place,
    },
    /// Look into one file, as the server asks on standard input. The server starts this itself, in a sandbox.
    #[command(hide = true)]
    Worker,
    /// Lay out one document, as the server asks on standard input. The server starts this itself, and has the memory back afterwards.
    #[command(hide = true)]
    Typeset,
    /// Write the records of a case as a bundle that anybody can verify.
    ExportCase {
        /// 案号
        #[arg(long)]
        case: String,
        /// Only what this person may see now: their id or phone number.
        #[arg(long = "as", value_name = "PERSON")]
        person: Option<String>,
        /// Where it is written to, a .zip file.
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Print the public key by which others verify what this court signed.
    Key {
        #[command(flatten)]
        place: Place,
    },
    /// Sign the checkpoints of other courts, as long as each continues the one before (C2SP tlog-witness). Prints its own public key.
    Witness {
        /// The address that it listens on.
        #[arg(long, default_value = "127.0.0.1:9301")]
        listen: std::net::SocketAddr,
        /// The name that stands in its signatures, e.g. `witness.example/weiting`.
        #[arg(long)]
        name: String,
        /// Where its key and what it signed last are kept.
        #[arg(long, default_value = "witness-data")]
        state: PathBuf,
        /// The public key of a log that it signs; once for each.
        #[arg(long, value_name = "KEY")]
        log: Vec<String>,
    },
    /// After a backup was restored: begin a new log over what is left, so that the court can go on.
    Recover {
        /// Yes, what was signed and is lost is given up.
        #[arg(long, required = true)]
        new_epoch: bool,
        /// Why; kept with the record.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        place: Place,
    },
    /// The keys under which personal data are sealed: list them, or take a new one while the court works.
    #[command(subcommand)]
    Keys(Keys),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the policy as a table that a judge can read (Markdown).
    Policy,
}

/// What is done with keys.
#[derive(Debug, Subcommand)]
enum Keys {
    /// Take a new key; a server gives it to everything that is sealed.
    Rotate {
        #[command(flatten)]
        place: Place,
    },
    /// List the keys, oldest first.
    List {
        #[command(flatten)]
        place: Place,
    },
}

/// What to do about the court's staff.
#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Invite somebody; prints the address at which they accept it.
    Invite {
        #[arg(long)]
        name: String,
        /// The mobile number with which they log in.
        #[arg(long)]
        phone: String,
        /// judge, clerk, assessor, president, supervisor or administrator.
        #[arg(long)]
        role: String,
        #[command(flatten)]
        place: Place,
    },
    /// List the offices, past ones too.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// End an office, by the id that the list shows; its holder is logged out.
    End {
        id: uuid::Uuid,
        #[command(flatten)]
        place: Place,
    },
}

/// Which court.
#[derive(Debug, clap::Args)]
struct Place {
    /// A demonstration court's folder; without it the settings say where the data is.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// The demonstration court's database, if it is not in its folder.
    #[arg(long, requires = "dir")]
    database: Option<String>,
}

/// Runs the program with the command line it was called with.
pub fn main() -> ExitCode {
    // One provider for TLS in the whole program; it can be installed once.
    rustls::crypto::ring::default_provider().install_default().ok();
    let cli = Cli::parse();
    // Without a runtime and its threads: who does one thing has few of everything.
    match cli.command {
        Command::Worker => return worker::work(),
        Command::Typeset => return worker::typeset(),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(command(cli)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("weiting: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn command(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = |place: Place| match place.dir {
        Some(dir) => Ok(Settings::demo(&dir, 8080, place.database)),
        None => Settings::read(cli.settings.as_deref()),
    };
    match cli.command {
        Command::Serve => serve::serve(Settings::read(cli.settings.as_deref())?).await?,
        Command::Demo { dir, port, database } => demo::serve(Settings::demo(&dir, port, database)).await?,
        Command::Verify { files, key, roots, .. } if !files.is_empty() => {
            return proof::verify_files(&files, key.as_deref(), roots.as_deref());
        }
        Command::Verify { place, all, .. } => return verify::verify(settings(place)?, all).await,
        Command::ExportCase { case, person, out, place } => {
            return proof::export(&settings(place)?, &case, person.as_deref(), &out).await;
        }
        Command::Key { place } => key::print(&settings(place)?).await?,
        Command::Witness { listen, name, state, log } => proof::serve_witness(listen, &name, &state, &log).await?,
        Command::Recover { new_epoch: _, reason, place } => return recover::recover(&settings(place)?, &reason).await,
        Command::Import { file, check, example, history: _, place } => match (file, example) {
            (Some(file), _) => return import::import(settings(place)?, &file, check).await,
            (None, Some(form)) => import::example(&form)?,
            (None, None) => import::history(settings(place)?).await?,
        },
        Command::ImportLaws { folder, place } => return lookups::laws(settings(place)?, &folder).await,
        Command::ImportCourts { file, place } => return lookups::courts(settings(place)?, &file).await,
        Command::User { what } => match what {
            UserCommand::Invite { name, phone, role, place } => {
                user::invite(settings(place)?, &name, &phone, &role).await?;
            }
            UserCommand::List { place } => user::list(settings(place)?).await?,
            UserCommand::End { id, place } => user::end(settings(place)?, id).await?,
        },
        Command::Token { person, role, integration, days, list: _, revoke, place } => {
            let settings = settings(place)?;
            match (person, integration, revoke) {
                (Some(person), ..) => token::print(settings, &person, role.as_deref()).await?,
                (_, Some(name), _) => token::integration(settings, &name, days).await?,
                (.., Some(id)) => token::revoke(settings, id).await?,
                _ => token::list(settings).await?,
            }
        }
        Command::Jobs { retry: Some(id), place } => jobs::retry(settings(place)?, id).await?,
        Command::Jobs { retry: None, place } => jobs::list(settings(place)?).await?,
        Command::Keys(Keys::Rotate { place }) => keys::rotate(&settings(place)?).await?,
        Command::Keys(Keys::List { place }) => keys::list(&settings(place)?).await?,
        Command::Worker => return Ok(worker::work()),
        Command::Typeset => return Ok(worker::typeset()),
        Command::Openapi => println!("{}", openapi::text()?),
        Command::Policy => print!("{}", desk::policy_page::render(&court::Policy::builtin())),
    }
    Ok(ExitCode::SUCCESS)
}
