//! Values of an audit as readers see them: one that is missing is a dash with the number
//! of its reason.

use super::values;
use crate::audit::{Agreement, Block, Bootstrap, Findings, Two};
use crate::codebook::Codebook;
use crate::diagnostic::Lang;
use crate::report::Grid;
use crate::statistics::{Defined, Interval, Undefined};

/// Values of one text or page, whose reasons are numbered together.
pub(super) struct Cells {
    lang: Lang,
    /// Why values are missing, in the order of their footnotes.
    reasons: Vec<Undefined>,
}

/// The name of a code, a net or a stance for readers.
pub(super) fn label(codebook: &Codebook, id: &str, lang: Lang) -> String {
    let code = codebook.code(id).map(|at| &codebook.codes[at].label);
    let net = || codebook.nets.iter().find(|net| net.id == id).map(|net| &net.label);
    let reserved = || codebook.reserved.iter().find(|one| one.id == id).map(|one| &one.label);
    code.or_else(net).or_else(reserved).map_or_else(|| id.to_owned(), |label| label.get(lang).to_owned())
}

impl Cells {
    pub(super) const fn new(lang: Lang) -> Self {
        Self { lang, reasons: Vec::new() }
    }

    fn say<'s>(&self, ja: &'s str, en: &'s str) -> &'s str {
        if self.lang == Lang::Ja { ja } else { en }
    }

    /// A dash with the number of its footnote.
    fn none(&mut self, reason: Undefined) -> String {
        let at = self.reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
            self.reasons.push(reason);
            self.reasons.len() - 1
        });
        format!("–({})", at + 1)
    }

    pub(super) fn coefficient(&mut self, value: Defined<f64>) -> String {
        value.map_or_else(|reason| self.none(reason), |value| format!("{value:.3}"))
    }

    pub(super) fn percent(&mut self, value: Defined<f64>) -> String {
        value.map_or_else(|reason| self.none(reason), |value| format!("{:.1}%", value * 100.0))
    }

    pub(super) fn with_interval(&mut self, value: Defined<f64>, interval: Option<Defined<Interval>>) -> String {
        let text = self.coefficient(value);
        match (value, interval) {
            (Ok(_), Some(Ok(Interval { low, high }))) => format!("{text} [{low:.2}, {high:.2}]"),
            (Ok(_), Some(Err(reason))) => format!("{text} {}", self.none(reason)),
            _ => text,
        }
    }

    /// Codes, then nets in brackets, a row each.
    pub(super) fn codes(&mut self, block: &Block, label: &dyn Fn(&str) -> String) -> Grid {
        let columns: &[(&str, &str)] = if block.coders.len() == 2 {
            &[
                ("両方", "both"),
                ("件", "n"),
                ("一致", "agree"),
                ("付ける", "pos."),
                ("付けない", "neg."),
                ("κ", "κ"),
                ("AC1", "AC1"),
                ("α [95%]", "α [95%]"),
                ("McNemar p", "McNemar p"),
            ]
        } else {
            &[("件", "n"), ("一致", "agree"), ("Fleiss κ", "Fleiss κ"), ("AC1", "AC1"), ("α [95%]", "α [95%]")]
        };
        let first = std::iter::once(self.say("コード", "code").to_owned());
        let names = columns.iter().map(|(ja, en)| self.say(ja, en).to_owned());
        let header: Vec<String> = first.chain(block.coders.iter().cloned()).chain(names).collect();
        let codes = block.codes.iter().map(|(id, agreement)| (label(id), agreement));
        let nets = block.nets.iter().map(|(id, agreement)| (format!("[{}]", label(id)), agreement));
        let rows = codes.chain(nets).map(|(name, agreement)| self.row(name, agreement)).collect();
        grid(header, rows)
    }

    fn row(&mut self, name: String, agreement: &Agreement) -> Vec<String> {
        let mut row = vec![name];
        row.extend(agreement.uses.iter().map(|uses| uses[1].to_string()));
        let coefficients = &agreement.coefficients;
        let interval = agreement.alpha.interval.map(|bootstrap| bootstrap.interval);
        match agreement.pairs.as_slice() {
            [only] => {
                let pair = &only.pair;
                row.extend([pair.counts()[1][1].to_string(), pair.units().to_string()]);
                row.push(self.percent(pair.po()));
                row.push(self.percent(pair.specific(1)));
                row.push(self.percent(pair.specific(0)));
                row.push(self.coefficient(pair.cohen().kappa));
                row.push(self.coefficient(coefficients.ac1.value));
                row.push(self.with_interval(agreement.alpha.value, interval));
                row.push(self.coefficient(pair.mcnemar().map(|test| test.p)));
            }
            _ => {
                row.push(coefficients.pairable.to_string());
                row.push(self.percent(coefficients.pa.value));
                row.push(self.coefficient(coefficients.fleiss.value));
                row.push(self.coefficient(coefficients.ac1.value));
                row.push(self.with_interval(agreement.alpha.value, interval));
            }
        }
        row
    }

    /// Each two coders.
    pub(super) fn pairs(&mut self, findings: &Findings) -> Grid {
        let row = |two: &Two| {
            let (sets, name) = (&two.sets, two.coders.map(|at| findings.coders[at].as_str()).join(" × "));
            let (kappa, codes) = values::mean_kappa(two);
            let same = self.percent(sets.same);
            let masi = self.coefficient(sets.alphas[0].1.value);
            let kappa = self.coefficient(kappa);
            vec![name, sets.units.to_string(), same, masi, kappa, codes.to_string()]
        };
        let rows = findings.pairs.iter().map(row).collect();
        let header = [
            self.say("コーダー", "coders"),
            self.say("件", "n"),
            self.say("完全に同じ", "same"),
            "α MASI",
            self.say("κの平均", "mean κ"),
            self.say("κのあるコード", "codes with κ"),
        ];
        grid(header.map(str::to_owned).to_vec(), rows)
    }

    /// How intervals were found, and why values are missing.
    pub(super) fn foot(&self, bootstrap: Option<Bootstrap>) -> Vec<String> {
        let lang = self.lang;
        let how = bootstrap.map(|Bootstrap { replicates, seed }| match lang {
            Lang::Ja => format!(
                "α の区間は件の復元抽出（{replicates} 回、seed {seed}、2.5〜97.5% 点）。McNemar は正確検定、補正なし。"
            ),
            Lang::En => format!(
                "Intervals of α resample units ({replicates} times, seed {seed}, 2.5 to 97.5 %). McNemar's test is exact and not adjusted."
            ),
        });
        let reasons = (1..).zip(&self.reasons).map(|(at, reason)| format!("–({at}) {}", reason.reason().get(lang)));
        how.into_iter().chain(reasons).collect()
    }
}

/// A table whose first column names the rows and whose others hold numbers.
pub(super) fn grid(header: Vec<String>, rows: Vec<Vec<String>>) -> Grid {
    let right = (0..header.len()).map(|at| at > 0).collect();
    Grid { header, rows, right }
}
