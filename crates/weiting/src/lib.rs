//! The program: command line, and the wiring of the house in one stated order. A library, so that whole-program tests can stand in it.

mod app;
mod demo;
mod openapi;
mod serve;
mod settings;
mod token;
mod verify;

pub use openapi::text as openapi_text;
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
    /// Check that every record is complete and unaltered.
    Verify {
        #[command(flatten)]
        place: Place,
        /// Check everything, files included.
        #[arg(long)]
        all: bool,
    },
    /// Print a bearer token for a program that acts as a person.
    Token {
        /// The person's id or phone number.
        #[arg(long)]
        person: String,
        /// In which role, when the person has several.
        #[arg(long)]
        role: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print the policy as a table that a judge can read (Markdown).
    Policy,
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
        Command::Verify { place, all } => return verify::verify(settings(place)?, all).await,
        Command::Token { person, role, place } => token::print(settings(place)?, &person, role.as_deref()).await?,
        Command::Openapi => println!("{}", openapi::text()?),
        Command::Policy => print!("{}", desk::policy_page::render(&court::Policy::builtin())),
    }
    Ok(ExitCode::SUCCESS)
}
