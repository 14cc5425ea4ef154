//! Sheets into rows: the first row of a sheet names its columns.

use papers::Sheet;

use super::faults::shown;
use super::{Fault, Field, Place, Raw};

/// A sheet with this name explains the others to people and is not read.
const EXPLANATION: &str = "说明";

pub(super) fn rows(sheets: Vec<Sheet>) -> (Vec<Raw>, Vec<Fault>) {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for sheet in sheets {
        if sheet.name.trim() == EXPLANATION {
            continue;
        }
        let name = (!sheet.name.is_empty()).then_some(sheet.name);
        let place = |row| Place { sheet: name.clone(), row };
        let mut lines = sheet.rows.into_iter();
        let Some(heading) = lines.next() else { continue };
        let columns = columns(&heading.cells, &place(heading.number), &mut faults);
        for line in lines {
            let place = place(line.number);
            let mut cells = Vec::new();
            for (index, cell) in line.cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                match columns.get(index).copied().flatten() {
                    Some(field) => cells.push((field, cell)),
                    None if heading.cells.get(index).is_none_or(String::is_empty) => faults.push(Fault {
                        place: place.clone(),
                        column: "列名",
                        reason: format!("第 {} 列有内容，但是没有列名，请检查逗号或者空列。", index + 1),
                    }),
                    // Said once, at the heading.
                    None => {}
                }
            }
            rows.push(Raw { place, cells });
        }
    }
    (rows, faults)
}

fn columns(heading: &[String], place: &Place, faults: &mut Vec<Fault>) -> Vec<Option<Field>> {
    let mut fault = |reason| faults.push(Fault { place: place.clone(), column: "列名", reason });
    let mut found: Vec<Option<Field>> = Vec::new();
    for name in heading {
        let field = Field::of(name);
        if field.is_none() && !name.is_empty() {
            fault(format!("不认识的列{}，请使用示例文件的列名，或者删除这一列。", shown(name)));
        }
        if let Some(field) = field.filter(|field| found.contains(&Some(*field))) {
            fault(format!("列“{}”出现了两次，请保留一列。", field.label()));
        }
        found.push(field);
    }
    if !found.contains(&Some(Field::Number)) {
        fault("缺少列“案号”。第一行须为列名，请对照示例文件。".to_owned());
    }
    found
}
