//! The agreement of people's codings as a part of a study's report.

use serde_json::{Value, json};

use super::cells::{Cells, grid, label};
use crate::audit::{BootstrapInterval, Reliability};
use crate::codebook::Codebook;
use crate::diagnostic::{Lang, Text};
use crate::report::grid::Listing;
use crate::statistics::Defined;
use crate::text;

/// Tables: whole answers, each code, each two coders.
pub(in crate::report) fn listings(reliability: &Reliability, codebook: &Codebook, lang: Lang) -> Vec<Listing> {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let mut listings = vec![whole(reliability, lang)];
    let block = &reliability.findings.main;
    let mut cells = Cells::new(lang);
    let codes = cells.codes(block, &|id| label(codebook, id, lang));
    let (units, alone) = (block.units, block.coded - block.units);
    let mut notes = vec![match lang {
        Lang::Ja => format!(
            "コーダーの列は、そのコードを付けた回答の数です。2人以上が判定した {units} 件によります（1人だけの {alone} 件は含みません）。"
        ),
        Lang::En => format!(
            "A coder's column says how many answers got the code. On {units} answers that two or more coded; those of a single coder ({alone}) are left out."
        ),
    }];
    notes.extend(cells.foot(reliability.bootstrap));
    listings.push(Listing {
        title: say("コードごとの一致", "Agreement on each code").to_owned(), grid: codes, notes
    });
    if reliability.findings.coders.len() > 2 {
        let mut cells = Cells::new(lang);
        let pairs = cells.pairs(&reliability.findings);
        let rules = match lang {
            Lang::Ja => format!("{} はコードブックのルールです。", crate::report::RULES),
            Lang::En => format!("The coder \"{}\" is the codebook's rules.", crate::report::RULES),
        };
        let notes = std::iter::once(rules).chain(cells.foot(None)).collect();
        listings.push(Listing { title: say("2人ずつの一致", "Each two coders").to_owned(), grid: pairs, notes });
    }
    listings
}

fn whole(reliability: &Reliability, lang: Lang) -> Listing {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let (block, mut cells) = (&reliability.findings.main, Cells::new(lang));
    let bounds = |interval: Option<BootstrapInterval>| interval.map(|bootstrap| bootstrap.interval);
    let (sets, (_, masi)) = (&block.sets, block.sets.alphas[0]);
    let same = cells.percent(sets.same);
    let alpha = cells.with_interval(masi.value, bounds(masi.interval));
    let name = say("コードの組（α は MASI 距離）", "whole sets of codes (α by MASI)").to_owned();
    let mut rows = vec![vec![name, sets.units.to_string(), same, alpha]];
    if let Some(stance) = &block.stance {
        let own = &stance.agreement;
        let same = cells.percent(own.coefficients.pa.value);
        let alpha = cells.with_interval(own.alpha.value, bounds(own.alpha.interval));
        let name = say("立場（同じテーマを付けた回答×テーマ）", "stance (answer × theme that two gave)").to_owned();
        rows.push(vec![name, stance.units.to_string(), same, alpha]);
    }
    let header = [say("対象", "what"), say("件", "n"), say("一致", "agree"), "α [95%]"].map(str::to_owned).to_vec();
    let coders = block.coders.join(if lang == Lang::Ja { "・" } else { ", " });
    let title = match lang {
        Lang::Ja => format!("全体の一致（{coders}）"),
        Lang::En => format!("Overall agreement ({coders})"),
    };
    Listing { title, grid: grid(header, rows), notes: cells.foot(reliability.bootstrap) }
}

/// The agreement as a sentence of a methods section.
pub(in crate::report) fn said(reliability: &Reliability) -> Text {
    let block = &reliability.findings.main;
    let ([ja, en], units) = (["・", ", "].map(|comma| block.coders.join(comma)), block.units);
    let (_, masi) = block.sets.alphas[0];
    let mut same = [Cells::new(Lang::Ja), Cells::new(Lang::En)];
    let [same_ja, same_en] = same.each_mut().map(|cells| cells.percent(block.sets.same));
    let interval = masi.interval.map(|bootstrap| bootstrap.interval);
    let [alpha_ja, alpha_en] = same.each_mut().map(|cells| cells.with_interval(masi.value, interval));
    let [how_ja, how_en] = reliability.bootstrap.map_or_else(Default::default, |bootstrap| {
        let (replicates, seed) = (bootstrap.replicates, bootstrap.seed);
        [
            format!("（[ ] は95%区間、件の復元抽出 {replicates} 回、seed {seed}）"),
            format!(" ([ ]: 95 % interval, units resampled {replicates} times, seed {seed})"),
        ]
    });
    text!(
        "コーダー {ja} が判定した {units} 件の回答で、コードの組は {same_ja} で完全に同じ、Krippendorff の α（MASI 距離）は {alpha_ja}{how_ja} でした。コードごとの κ・AC1・α も求めました。",
        "On {units} answers coded by {en}, whole sets of codes were the same in {same_en}, and Krippendorff's α (MASI) was {alpha_en}{how_en}. κ, AC1 and α were computed for each code as well."
    )
}

/// The agreement for the manifest: where it comes from, and its values.
pub(in crate::report) fn json(reliability: &Reliability) -> Value {
    let block = &reliability.findings.main;
    let number =
        |value: Defined<f64>| value.map_or_else(|reason| json!({ "undefined": reason.id() }), |value| json!(value));
    let file = |file: &crate::audit::FileRead| {
        let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned());
        json!({ "file": name, "sha256": file.sha256, "form": file.form.id(), "coders": file.coders })
    };
    let values = |(id, own): &(String, crate::audit::Agreement)| {
        let named = own.named();
        let wanted = named.iter().filter(|named| {
            matches!(named.name, "pa" | "kappa" | "fleiss" | "ac1" | "alpha" | "alpha_boot_lo" | "alpha_boot_hi")
        });
        let values: serde_json::Map<_, _> = wanted.map(|named| (named.name.to_owned(), number(named.value))).collect();
        (id.clone(), Value::Object(values))
    };
    let (_, masi) = block.sets.alphas[0];
    json!({
        "files": reliability.codings.files.iter().map(file).collect::<Vec<_>>(),
        "coders": block.coders,
        "units": block.units,
        "bootstrap": reliability.bootstrap.map(|bootstrap| json!({ "replicates": bootstrap.replicates, "seed": bootstrap.seed })),
        "same": number(block.sets.same),
        "alpha_masi": number(masi.value),
        "codes": block.codes.iter().map(values).collect::<serde_json::Map<_, _>>(),
    })
}
