//! Each task, in as many lines as it takes to say what is done with which file.

use std::fs;

use super::{Bench, Failure, Picture, Product, Task, foreign};
use crate::{FileRefusal, mark, pages, picture, rim};

/// Performs a task. Blocking; a panic inside a parser becomes a refusal of the file that caused it.
///
/// # Errors
/// Why it was not done, and by whose fault.
pub fn perform(task: &Task, bench: &Bench) -> Result<Product, Failure> {
    let input = bench.input(0)?;
    match task {
        Task::Identify { name } => Product::answer(&crate::identify(input, name)?),
        Task::Thumbnail { edge } => drawn(crate::thumbnail(input, *edge)?),
        Task::Pages => Product::answer(&rim::guarded(|| pages::sizes(input))?),
        Task::Page { n, width } => drawn(rim::guarded(|| pages::draw(input, *n, *width))?),
        Task::Poster { edge } => drawn(foreign::still(bench, *edge)?),
        Task::OfficeToPdf { form } => Ok(Product::answer(&())?.with_file(foreign::to_pdf(bench, *form)?)),
        Task::Drawing => {
            let png = crate::drawing(&fs::read(input).map_err(FileRefusal::from)?)?;
            Ok(Product::answer(&())?.with_bytes(png))
        }
        Task::Places => Product::answer(&rim::guarded(|| mark::places(input))?),
        Task::Mark { marks } => {
            let png = fs::read(bench.input(1)?).map_err(FileRefusal::from)?;
            let pdf = rim::guarded(|| mark::marked(input, &png, marks))?;
            let sizes = rim::guarded(|| mark::places(input))?;
            Ok(Product::answer(&sizes)?.with_bytes(pdf))
        }
        Task::Recognise { turn } => Product::answer(&foreign::reading(bench, *turn)?),
        Task::Table { kind } => {
            let bytes = fs::read(input).map_err(FileRefusal::from)?;
            Product::answer(&crate::table(&bytes, *kind))
        }
    }
}

/// A picture with its size, read back from what was just written.
fn drawn(jpeg: Vec<u8>) -> Result<Product, Failure> {
    let (width, height) = picture::size_of_jpeg(&jpeg)?;
    Ok(Product::answer(&Picture { width, height })?.with_bytes(jpeg))
}
