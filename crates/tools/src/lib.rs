//! Tools (实用工具) that people use for themselves: nothing here is an act, nothing comes into a record, and what they bring is theirs
//! alone until it is deleted. What looks up or computes is open to everybody, without login.

mod book;
mod courts;
mod faq;
mod fees;
mod identifiers;
mod interest;
mod laws;
mod links;
mod offered;
mod open;
mod pace;
mod periods;
mod reckon;
mod risk;
mod sign;
mod text;

pub use book::Rules;
pub use courts::{CourtFault, CourtHits, CourtPlace, NoCourts, Region, import_courts};
pub use faq::{FaqAnswer, FaqHits};
pub use fees::FeeItems;
pub use identifiers::{CauseHit, CauseHits, NumberAsk, NumberChecked, NumberFact, NumberKind};
pub use interest::LprTable;
pub use laws::{Law, LawArticle, LawFault, LawHit, LawHits, LawText, Laws, LawsImported, NotLoaded, import_laws};
pub use links::{Links, SiteLink};
pub use offered::{OfferedTools, Tool};
pub use periods::{PeriodForEach, PeriodOffers, PostedAsk};
pub use risk::{ReportPress, Reports, RiskAnswers, RiskKinds};
pub use sign::{PlacedSignature, SignPage, SignPages, SignWanted, SignedFile};
pub use text::{TextLine, TextRead, TextWanted, TextWord};

use axum::Extension;
use axum::http::StatusCode;
use desk::{Desk, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The wing's routes.
pub fn routes() -> OpenApiRouter<Desk> {
    let open = OpenApiRouter::new()
        .routes(routes!(links::links))
        .routes(routes!(faq::faq))
        .routes(routes!(courts::courts))
        .routes(routes!(laws::laws))
        .routes(routes!(laws::search_laws))
        .routes(routes!(laws::law))
        .routes(routes!(book::rules))
        .routes(routes!(fees::fee_items, fees::reckon_fee))
        .routes(routes!(fees::reckon_fee_change))
        .routes(routes!(interest::reckon_late_interest))
        .routes(routes!(interest::reckon_lending))
        .routes(routes!(interest::reckon_interest))
        .routes(routes!(interest::reckon_schedule))
        .routes(routes!(interest::lpr))
        .routes(routes!(periods::period_offers, periods::reckon_period))
        .routes(routes!(periods::reckon_period_each))
        .routes(routes!(periods::reckon_posted))
        .routes(routes!(periods::period_calendar))
        .routes(routes!(identifiers::check_number))
        .routes(routes!(identifiers::search_causes))
        .routes(routes!(risk::risk_kinds, risk::risk_ask))
        .routes(routes!(risk::risk_report))
        .routes(routes!(risk::risk_report_pdf))
        .layer(Extension(pace::AddressPace::light()))
        .layer(Extension(pace::ReportPace::default()));
    OpenApiRouter::new()
        .routes(routes!(offered::tools))
        .routes(routes!(text::read_text))
        .routes(routes!(sign::pages::sign_pages))
        .routes(routes!(sign::pages::sign_page))
        .routes(routes!(sign::place::sign_file))
        .routes(routes!(sign::file::signed_file))
        .layer(Extension(pace::PersonPace::default()))
        .merge(open)
}

/// What is looked for is words, not pages.
fn words_fit(typed: &str, most: usize) -> Result<(), Problem> {
    if typed.chars().nth(most).is_none() {
        return Ok(());
    }
    let detail = format!("查找的内容最多 {most} 个字，请缩短后再试。");
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "query_too_long", detail))
}
