//! The policy as a page that a judge can read: role × act × phase.

use std::fmt::Write;

use court::{Capacity, Kind, Phase, Policy};

/// The page in Markdown, as it is committed in `docs/policy/micro-court.md`.
pub fn render(policy: &Policy) -> String {
    let mut page = String::from(
        "# 微法庭：谁在什么时候可以做什么\n\n由 `policy.toml` 生成（`make gen`），不要手工修改。✔ 可以，✘ 不可以。\n",
    );
    for kind in Kind::ALL {
        let phases: Vec<_> = Phase::ALL
            .into_iter()
            .filter(|phase| Capacity::ALL.iter().any(|c| policy.allows(*kind, *phase, *c)))
            .collect();
        write!(page, "\n## `{}`\n\n| 诉讼地位 |", kind.code()).expect("writing to a string cannot fail");
        for phase in &phases {
            write!(page, " {} |", phase.label()).expect("writing to a string cannot fail");
        }
        page.push_str("\n|---|");
        page.push_str(&"---|".repeat(phases.len()));
        page.push('\n');
        for capacity in Capacity::ALL {
            write!(page, "| {} |", capacity.label()).expect("writing to a string cannot fail");
            for phase in &phases {
                let mark = if policy.allows(*kind, *phase, capacity) { "✔" } else { "✘" };
                write!(page, " {mark} |").expect("writing to a string cannot fail");
            }
            page.push('\n');
        }
    }
    page.push_str("\n## 进入微法庭\n\n| 诉讼地位 | 须等待开始 | 须同意须知 | 可写给审判组织 | 可发私信 | 可收私信 | 可接虚拟电话 |\n|---|---|---|---|---|---|---|\n");
    for capacity in Capacity::ALL {
        let mark = |yes: bool| if yes { "✔" } else { "✘" };
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            capacity.label(),
            mark(policy.waits_for_start(capacity)),
            mark(policy.reads_notice(capacity)),
            mark(policy.may_address_bench(capacity)),
            mark(policy.may_write_privately(capacity)),
            mark(policy.may_be_written_to(capacity)),
            mark(policy.may_be_called(capacity)),
        )
        .expect("writing to a string cannot fail");
    }
    page.push_str("\n## 接口\n\n| 操作 | 与对象的关系 | 对象 | 作用 |\n|---|---|---|---|\n");
    for (id, row) in policy.operations() {
        writeln!(page, "| `{id}` | {} | {} | {} |", row.relation.code(), row.object, row.effect.code())
            .expect("writing to a string cannot fail");
    }
    page
}
