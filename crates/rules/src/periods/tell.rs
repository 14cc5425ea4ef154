//! What was counted, in words: the reason that people read under 为什么.

use time::Date;

use crate::book::periods::{Bound, Length, Way};
use crate::calendar::{Calendar, Day};
use crate::civil::{chinese, chinese_with_weekday, iso};
use crate::periods::Period;
use crate::periods::ask::{Extended, Known};
use crate::periods::count::{Counted, sum};
use crate::periods::rules::counting;
use crate::reason::{Reason, StepKind};
use crate::wrong::Wrong;

pub(super) fn tell(known: &Known, counted: &Counted) -> Result<Period, Wrong> {
    let row = known.rule.row;
    let length = match known.extension {
        Some(Extended::By(more)) => sum(known.length, more),
        _ => known.length,
    };
    let mut reason = Reason(Vec::with_capacity(8));
    given(known, &mut reason);
    counting_steps(known, counted, &mut reason)?;
    pauses(counted, &mut reason);
    extension(known, counted, &mut reason);
    rolling(known, counted, &mut reason)?;
    cautions(known, counted, &mut reason)?;
    result(known, counted, &mut reason)?;
    Ok(Period {
        rule: &row.id,
        variant: &row.variant,
        name: &row.name,
        event: &row.event,
        who: &row.who,
        does: &row.does,
        length: length.chinese(),
        way: super::way(row.way),
        start: known.start,
        first_day: counted.first_day,
        counted_to: counted.counted_to,
        last_day: counted.last_day,
        ends_at: counted.ends_at.map(|end| format!("{}T{:02}:{:02}", iso(end.date()), end.hour(), end.minute())),
        working_day_before: counted.working_day_before,
        provisional: !counted.certain,
        reason,
        citations: &known.rule.citations,
    })
}

/// What happened, and which rule it is about.
fn given(known: &Known, reason: &mut Reason) {
    let row = known.rule.row;
    let when = match known.time {
        Some(time) => format!("{}{:02}时{:02}分", chinese_with_weekday(known.start), time.hour(), time.minute()),
        None => chinese_with_weekday(known.start),
    };
    reason.step(StepKind::Input, format!("{}：{when}。", row.event)).days(known.start, known.start);
    let of = if row.variant_name.is_empty() { String::new() } else { format!("（{}）", row.variant_name) };
    let (length, name) = (row.length.chinese(), &row.name);
    let says = match (row.way, row.bound) {
        (Way::Before, _) => format!("{name}{of}：{}应在{}{length}前{}。", row.who, row.event, row.does),
        (_, Bound::Fixed) => format!("{name}{of}：{}{}，期间为{length}。", row.who, row.does),
        (_, Bound::Least) => {
            format!("{name}{of}：由人民法院指定，不得少于{length}；本次按{}计算。", known.length.chinese())
        }
        (_, Bound::Most) => {
            format!("{name}{of}：由人民法院指定，不得超过{length}；本次按{}计算。", known.length.chinese())
        }
        (_, Bound::Usually) => {
            format!("{name}{of}：由人民法院指定，一般不超过{length}；本次按{}计算。", known.length.chinese())
        }
    };
    reason.step(StepKind::Rule, says).cite(&known.rule.citations);
    if row.bound == Bound::Usually && known.length.count() > row.length.count() {
        reason
            .step(StepKind::Caution, format!("指定的{}超过一般的{length}，请确认确有必要。", known.length.chinese()))
            .cite(&known.rule.citations);
    }
}

fn counting_steps(known: &Known, counted: &Counted, reason: &mut Reason) -> Result<(), Wrong> {
    let (start, first, bare) = (known.start, counted.first_day, counted.bare);
    let rule = |id| counting(id, start);
    match (known.length, known.rule.row.way) {
        (Length::Hours(hours), _) => {
            let hours_rule = rule("hours")?;
            let text = match counted.ends_at {
                Some(end) => {
                    format!("{}，第{hours}小时终止于{}{:02}时。", hours_rule.row.says, chinese(end.date()), end.hour())
                }
                None => format!("{}。", hours_rule.row.says),
            };
            reason.step(StepKind::Count, text).cite(&hours_rule.citations).days(first, bare);
        }
        (Length::WorkingDays(days), _) => {
            let (days_rule, working) = (rule("days")?, rule("working_days")?);
            reason
                .step(StepKind::Count, format!("{}；{}。", days_rule.row.says, working.row.says))
                .cite(&days_rule.citations);
            reason
                .step(
                    StepKind::Count,
                    format!("第1个工作日为{}，第{days}个工作日为{}。", chinese(first), chinese_with_weekday(bare)),
                )
                .cite(&working.citations)
                .days(first, bare);
        }
        (Length::Days(days), Way::Before) => {
            let days_rule = rule("days")?;
            reason
                .step(
                    StepKind::Count,
                    format!(
                        "倒算，当日不计入：前1日为{}，前{days}日为{}。",
                        chinese(first),
                        chinese_with_weekday(bare)
                    ),
                )
                .cite(&days_rule.citations)
                .days(bare, first);
        }
        (Length::Days(days), Way::After) => {
            let days_rule = rule("days")?;
            reason
                .step(
                    StepKind::Count,
                    format!(
                        "{}：第1日为{}，第{days}日为{}。",
                        days_rule.row.says,
                        chinese(first),
                        chinese_with_weekday(bare)
                    ),
                )
                .cite(&days_rule.citations)
                .days(first, bare);
        }
        (length, _) => {
            let (days_rule, months) = (rule("days")?, rule("months")?);
            reason
                .step(StepKind::Count, format!("{}，即{}。", days_rule.row.says, chinese(first)))
                .cite(&days_rule.citations);
            reason
                .step(
                    StepKind::Count,
                    format!("{}：满{}为{}。", months.row.says, length.chinese(), chinese_with_weekday(bare)),
                )
                .cite(&months.citations)
                .days(first, bare);
        }
    }
    Ok(())
}

fn pauses(counted: &Counted, reason: &mut Reason) {
    for left in &counted.pauses {
        let (from, until, name) = (chinese(left.from), chinese(left.until), &left.rule.row.name);
        let text = if left.days == 0 {
            format!("{from}至{until}为{name}，在期间之外或者已经扣除，不影响最后一日。")
        } else {
            format!("{from}至{until}为{name}，其中{}日不计入，最后一日后移至{}。", left.days, chinese(left.end))
        };
        reason.step(StepKind::Excluded, text).cite(&left.rule.citations).days(left.from, left.until);
    }
}

fn extension(known: &Known, counted: &Counted, reason: &mut Reason) {
    let to = chinese(counted.counted_to);
    let text = match known.extension {
        None => return,
        Some(Extended::By(more)) => format!(
            "延长{}，与原期间合并计算为{}，最后一日由{}改为{to}。",
            more.chinese(),
            sum(known.length, more).chinese(),
            chinese(counted.before_extension)
        ),
        Some(Extended::Until(_)) => format!("延长至{to}。"),
    };
    reason.step(StepKind::Count, text).cite(&known.rule.citations);
}

/// Where the last day went and why, or that it stays.
fn rolling(known: &Known, counted: &Counted, reason: &mut Reason) -> Result<(), Wrong> {
    let row = known.rule.row;
    let (from, to) = (counted.counted_to, counted.last_day);
    if let Some(working) = counted.working_day_before {
        let text = format!(
            "{}是{}，倒算的期间不向后顺延，宜在此前的工作日{}办理。",
            chinese(from),
            name_of(from),
            chinese_with_weekday(working)
        );
        reason.step(StepKind::Caution, text);
    } else if from != to {
        let roll = counting("roll", known.start)?;
        let text = format!(
            "最后一日{}是{}，顺延至其后第一个工作日{}。",
            chinese(from),
            name_of(from),
            chinese_with_weekday(to)
        );
        let step = reason.step(StepKind::RollOver, text).cite(&roll.citations);
        if let Some(before) = to.previous_day() {
            step.days(from, before);
        }
    } else if matches!(Calendar::get().day(from), Some(Day::WorkedWeekend)) {
        let roll = counting("roll", known.start)?;
        let text = format!("最后一日{}虽是周末，但为调休上班日，不顺延。", chinese_with_weekday(from));
        reason.step(StepKind::RollOver, text).cite(&roll.citations).days(from, from);
    } else if !row.rolls && Calendar::get().day(from).is_some_and(|day| !day.works()) {
        reason.step(
            StepKind::Caution,
            format!("{}是{}；这一期间届满即发生效力，本结果不作顺延。", chinese(from), name_of(from)),
        );
    }
    Ok(())
}

/// Why a day is no working day: 春节假期（2025年1月28日至2025年2月4日）, 星期日.
fn name_of(date: Date) -> String {
    let calendar = Calendar::get();
    if let Some((pause, citation)) = calendar.break_of(date) {
        return format!("{}假期（{}至{}，{}）", pause.name, chinese(pause.from), chinese(pause.until), citation.number);
    }
    match calendar.day(date) {
        Some(Day::Break) => calendar.standing_name(date).unwrap_or("节日").to_owned(),
        _ if date.weekday() == time::Weekday::Saturday => "星期六".to_owned(),
        _ => "星期日".to_owned(),
    }
}

fn cautions(known: &Known, counted: &Counted, reason: &mut Reason) -> Result<(), Wrong> {
    let row = known.rule.row;
    if !counted.certain {
        let known_until = Calendar::get().known_until();
        let text = format!(
            "{}之后的节假日安排尚未收录，只按周末和固定日期的节日推算，结果是暂定的，国务院办公厅公布当年安排后应重新计算。",
            chinese(known_until)
        );
        reason.step(StepKind::Caution, text);
    }
    if row.rolls && row.way == Way::After && counted.ends_at.is_none() {
        let travel = counting("travel", known.start)?;
        reason.step(StepKind::Caution, format!("{}。", travel.row.says)).cite(&travel.citations);
    }
    if !row.note.is_empty() {
        reason.step(StepKind::Caution, row.note.clone()).cite(&known.rule.citations);
    }
    Ok(())
}

fn result(known: &Known, counted: &Counted, reason: &mut Reason) -> Result<(), Wrong> {
    let row = known.rule.row;
    let last = chinese_with_weekday(counted.last_day);
    match (counted.ends_at, row.way) {
        (Some(end), _) => {
            reason.step(StepKind::Result, format!("{}{:02}时届满。", chinese_with_weekday(end.date()), end.hour()));
        }
        (None, Way::Before) => {
            reason.step(StepKind::Result, format!("最迟为{last}。"));
        }
        (None, Way::After) if row.rolls => match counting("end_of_day", known.start) {
            Ok(end) => {
                reason.step(StepKind::Result, format!("期间于{last}届满；{}。", end.row.says)).cite(&end.citations);
            }
            Err(_) => {
                reason.step(StepKind::Result, format!("期间于{last}届满。"));
            }
        },
        (None, Way::After) => {
            reason.step(StepKind::Result, format!("{last}届满。"));
        }
    }
    if let Some(last) = reason.0.last_mut() {
        last.days(counted.last_day, counted.last_day);
    }
    Ok(())
}
