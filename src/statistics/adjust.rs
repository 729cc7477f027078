//! p-values of a family of tests.

/// How the p-values of a family are adjusted. The family is what the caller hands over;
/// whoever prints the result says what it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjustment {
    /// Holm: bounds the chance of any false positive in the family.
    ///
    /// S. Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian
    /// Journal of Statistics 6 (1979), 65–70.
    #[default]
    Holm,
    /// Benjamini and Hochberg: bounds the expected part of false ones among the positive.
    ///
    /// Y. Benjamini, Y. Hochberg, *Controlling the false discovery rate*, JRSS B 57
    /// (1995), 289–300.
    BenjaminiHochberg,
}

impl Adjustment {
    /// A short, stable name for files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Holm => "holm",
            Self::BenjaminiHochberg => "benjamini-hochberg",
        }
    }

    /// The adjusted p-values of the family `p`, in the same order. A test without a
    /// p-value is no member of the family: leave it out.
    ///
    /// # Panics
    /// If a p-value is not between 0 and 1.
    pub fn adjust(self, p: &[f64]) -> Vec<f64> {
        assert!(p.iter().all(|p| (0.0..=1.0).contains(p)), "a p-value lies between 0 and 1: {p:?}");
        let size = p.len();
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&one, &other| p[one].total_cmp(&p[other]));
        let mut adjusted = vec![0.0; size];
        match self {
            Self::Holm => {
                let mut largest: f64 = 0.0;
                for (rank, &at) in order.iter().enumerate() {
                    largest = largest.max((size - rank) as f64 * p[at]).min(1.0);
                    adjusted[at] = largest;
                }
            }
            Self::BenjaminiHochberg => {
                let mut smallest: f64 = 1.0;
                for (rank, &at) in order.iter().enumerate().rev() {
                    smallest = smallest.min(size as f64 / (rank + 1) as f64 * p[at]);
                    adjusted[at] = smallest;
                }
            }
        }
        adjusted
    }
}
