//! `weiting import-courts`: a table of courts, CSV or TOML, in place of what was there.

use std::fmt;

use papers::{TableKind, TableRefusal, table};
use serde::Deserialize;
use store::{CourtPlace, Store, StoreError};

/// The most places.
const PLACES: usize = 5_000;
/// The longest value, in characters.
const LONGEST: usize = 200;

/// What is wrong with a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtFault {
    /// The row of a CSV file, or which `[[court]]` of a TOML file, from 1.
    pub row: u64,
    /// In Chinese.
    pub reason: String,
}

impl fmt::Display for CourtFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行：{}", self.row, self.reason)
    }
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum NoCourts {
    #[error("文件应为 .csv 或 .toml")]
    Form,
    #[error("{}", .0.detail())]
    Table(TableRefusal),
    #[error("{0}")]
    Toml(String),
    #[error("第一行应为列名，缺少：{0}")]
    Columns(String),
    /// All that is wrong; what was there stays.
    #[error("有 {} 处不能导入，没有写入任何内容", .0.len())]
    Rows(Vec<CourtFault>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A place as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    region: String,
    name: String,
    court: String,
    address: String,
    phone: String,
    latitude: Option<Degrees>,
    longitude: Option<Degrees>,
    coordinate: String,
}

/// A number, or what stands in its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Degrees {
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    court: Vec<Written>,
}

/// Puts the courts of a file in place of those that were there, and says how many they are. `name` tells its form by its ending.
///
/// # Errors
/// [`NoCourts`]; what was there stays.
pub async fn import_courts(store: &Store, name: &str, bytes: &[u8]) -> Result<usize, NoCourts> {
    let places = read(name, bytes)?;
    store.put_court_places(&places).await?;
    Ok(places.len())
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<CourtPlace>, NoCourts> {
    let written = match name.rsplit('.').next() {
        Some("csv") => of_csv(bytes)?,
        Some("toml") => of_toml(bytes)?,
        _ => return Err(NoCourts::Form),
    };
    let mut faults = Vec::new();
    let mut places: Vec<CourtPlace> = Vec::new();
    for (row, written) in written {
        match place(&written) {
            Ok(place) if places.iter().any(|other| (&other.region, &other.name) == (&place.region, &place.name)) => {
                faults.push(CourtFault { row, reason: format!("“{}”出现了两次", place.name) });
            }
            Ok(place) => places.push(place),
            Err(reason) => faults.push(CourtFault { row, reason }),
        }
    }
    if places.len() > PLACES {
        faults.push(CourtFault { row: PLACES as u64 + 1, reason: format!("最多 {PLACES} 处") });
    }
    if faults.is_empty() { Ok(places) } else { Err(NoCourts::Rows(faults)) }
}

fn of_toml(bytes: &[u8]) -> Result<Vec<(u64, Written)>, NoCourts> {
    let text = std::str::from_utf8(bytes).map_err(|_| NoCourts::Toml("文件应为 UTF-8 编码".to_owned()))?;
    let file: WrittenFile = toml::from_str(text).map_err(|error| NoCourts::Toml(error.to_string()))?;
    Ok((1..).zip(file.court).collect())
}

/// Columns by their headings, in Chinese or as in TOML.
const COLUMNS: [[&str; 2]; 8] = [
    ["地区", "region"],
    ["名称", "name"],
    ["所属法院", "court"],
    ["地址", "address"],
    ["电话", "phone"],
    ["纬度", "latitude"],
    ["经度", "longitude"],
    ["坐标系", "coordinate"],
];

fn of_csv(bytes: &[u8]) -> Result<Vec<(u64, Written)>, NoCourts> {
    let sheets = table(bytes, TableKind::Csv).map_err(NoCourts::Table)?;
    let mut rows = sheets.into_iter().flat_map(|sheet| sheet.rows);
    let heading = rows.next().map(|row| row.cells).unwrap_or_default();
    let column = |names: [&str; 2]| heading.iter().position(|cell| names.contains(&cell.as_str()));
    let missing: Vec<&str> =
        [0, 1, 3].into_iter().filter(|at| column(COLUMNS[*at]).is_none()).map(|at| COLUMNS[at][0]).collect();
    if !missing.is_empty() {
        return Err(NoCourts::Columns(missing.join("、")));
    }
    let places = COLUMNS.map(column);
    let written = rows.map(|row| {
        let cell = |at: usize| places[at].and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
        let degrees = |at: usize| Some(cell(at)).filter(|text| !text.is_empty()).map(Degrees::Text);
        let written = Written {
            region: cell(0),
            name: cell(1),
            court: cell(2),
            address: cell(3),
            phone: cell(4),
            latitude: degrees(5),
            longitude: degrees(6),
            coordinate: cell(7),
        };
        (row.number, written)
    });
    Ok(written.collect())
}

fn place(written: &Written) -> Result<CourtPlace, String> {
    let Written { region, name, court, address, phone, latitude, longitude, coordinate } = written;
    for (value, what) in [(region, "地区"), (name, "名称"), (address, "地址")] {
        if value.trim().is_empty() {
            return Err(format!("缺少{what}"));
        }
    }
    for (value, what) in [(region, "地区"), (name, "名称"), (court, "所属法院"), (address, "地址"), (phone, "电话")]
    {
        if value.chars().nth(LONGEST).is_some() {
            return Err(format!("{what}最多 {LONGEST} 个字"));
        }
    }
    if !phone.chars().all(|char| char.is_ascii_digit() || "+-() 转、".contains(char)) {
        return Err("电话只能有数字、“-”和“转”".to_owned());
    }
    let at = match (degrees(latitude.as_ref(), "纬度", 90.0)?, degrees(longitude.as_ref(), "经度", 180.0)?) {
        (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
        (None, None) => None,
        _ => return Err("纬度和经度应当都填写，或者都不填写".to_owned()),
    };
    let coordinate = match coordinate.trim() {
        "" | "wgs84" | "WGS84" | "WGS-84" => "wgs84",
        "gcj02" | "GCJ02" | "GCJ-02" => "gcj02",
        _ => return Err("坐标系应为 wgs84 或 gcj02".to_owned()),
    };
    Ok(CourtPlace {
        region: region.trim().to_owned(),
        name: name.trim().to_owned(),
        court: court.trim().to_owned(),
        address: address.trim().to_owned(),
        phone: phone.trim().to_owned(),
        at,
        coordinate: coordinate.to_owned(),
    })
}

fn degrees(written: Option<&Degrees>, what: &str, most: f64) -> Result<Option<f64>, String> {
    let degrees = match written {
        None => return Ok(None),
        Some(Degrees::Number(number)) => *number,
        Some(Degrees::Text(text)) => text.trim().parse().map_err(|_| format!("{what}“{}”不是度数", short(text)))?,
    };
    if degrees.is_finite() && degrees.abs() <= most {
        Ok(Some(degrees))
    } else {
        Err(format!("{what}应在 -{most} 至 {most} 之间"))
    }
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f64_both_forms_say_the_same() {
        let csv = "地区,名称,所属法院,地址,电话,纬度,经度\n示范市,示范区人民法院,,示范路 1 号,021-00000000,31.25,121.5\n示范市,桥头人民法庭,示范区人民法院,桥头街 2 号,,,\n";
        let toml = "[[court]]\nregion='示范市'\nname='示范区人民法院'\naddress='示范路 1 号'\nphone='021-00000000'\nlatitude=31.25\nlongitude=121.5\n[[court]]\nregion='示范市'\nname='桥头人民法庭'\ncourt='示范区人民法院'\naddress='桥头街 2 号'\n";
        let places = read("a.csv", csv.as_bytes()).unwrap();
        assert_eq!(places, read("a.toml", toml.as_bytes()).unwrap());
        assert_eq!(places[0].at, Some((31.25, 121.5)));
        assert_eq!((places[1].at, places[1].court.as_str()), (None, "示范区人民法院"));
    }

    #[test]
    fn f64_everything_that_is_wrong_is_said_at_once_with_its_row() {
        let csv = "region,name,address,phone,latitude,longitude,coordinate\n甲,乙,,,,,\n甲,丙,丁,打电话,,,\n甲,戊,己,,91,0,\n甲,庚,辛,,31,,\n甲,壬,癸,,x,1,\n甲,子,丑,,1,1,bd09\n甲,寅,卯,,,,\n甲,寅,辰,,,,\n";
        let Err(NoCourts::Rows(faults)) = read("a.csv", csv.as_bytes()) else { panic!("rows are wrong") };
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "第 2 行：缺少地址",
                "第 3 行：电话只能有数字、“-”和“转”",
                "第 4 行：纬度应在 -90 至 90 之间",
                "第 5 行：纬度和经度应当都填写，或者都不填写",
                "第 6 行：纬度“x”不是度数",
                "第 7 行：坐标系应为 wgs84 或 gcj02",
                "第 9 行：“寅”出现了两次",
            ]
        );
        assert!(
            matches!(read("a.csv", "名称\n甲\n".as_bytes()), Err(NoCourts::Columns(missing)) if missing == "地区、地址")
        );
        assert!(matches!(read("a.xlsx", b""), Err(NoCourts::Form)));
        assert!(matches!(read("a.toml", b"[[court]]\ncolour='red'\n"), Err(NoCourts::Toml(_))));
    }
}
