//! How indicators go together, as JSON in full precision.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::analysis::coherence::{Correlation, Described, Finding, Group, Link};
use crate::framework::NodeIx;
use crate::report::coherence::CoherenceResult;

use super::shown::write_pretty;

/// Writes what was found.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_coherence(result: &CoherenceResult, out: &mut impl Write) -> io::Result<()> {
    let (about, found) = (&result.about, &result.found);
    let names = Names { result };
    let pairs = found.pairs.iter().map(|pair| {
        json!({
            "parent": names.id(pair.parent),
            "one": names.id(pair.one),
            "other": names.id(pair.other),
            "correlation": correlation(&pair.correlation),
        })
    });
    let agreement = found.agreement.iter().map(|found| {
        json!({
            "indicator": found.node.map(|node| names.id(node)),
            "compared": found.compared,
            "answers": found.answers,
            "equal": found.equal,
            "alpha": found.alpha,
        })
    });
    let mut value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": about.tool},
        "framework": {
            "id": about.framework.id,
            "version": about.framework.version,
            "sha256": about.framework.sha256,
        },
        "responses": {"sha256": about.responses_sha256},
        "period": result.period,
        "units": found.units,
        "findings": found.findings.iter().map(|f| names.finding(f)).collect::<Vec<_>>(),
        "indicators": found.indicators.iter().map(|i| names.indicator(i)).collect::<Vec<_>>(),
        "links": found.links.iter().map(|link| names.link(link)).collect::<Vec<_>>(),
        "pairs": pairs.collect::<Vec<_>>(),
        "nodes": found.nodes.iter().map(|group| names.group(group)).collect::<Vec<_>>(),
        "agreement": agreement.collect::<Vec<_>>(),
    });
    if let Some(hash) = &about.cohort_sha256 {
        value["stats"] = json!({"sha256": hash});
    }
    write_pretty(&value, out)
}

struct Names<'a> {
    result: &'a CoherenceResult,
}

fn correlation(found: &Correlation) -> Value {
    json!({
        "units": found.count,
        "pearson": found.pearson,
        "spearman": found.spearman,
        "kendall": found.kendall,
    })
}

impl Names<'_> {
    fn id(&self, node: NodeIx) -> &str {
        &self.result.about.nodes[node.0].id
    }

    fn ids(&self, nodes: &[NodeIx]) -> Vec<&str> {
        nodes.iter().map(|node| self.id(*node)).collect()
    }

    fn indicator(&self, found: &Described) -> Value {
        json!({
            "indicator": self.id(found.node),
            "applicable": found.applicable,
            "answered": found.answered,
            "mean": found.mean,
            "median": found.median,
            "sd": found.sd,
            "skewness": found.skewness,
            "kurtosis": found.kurtosis,
            "min": found.min,
            "max": found.max,
            "distinct": found.distinct,
            "nonzero": found.nonzero,
            "most_frequent": found.most_frequent,
            "floor": found.floor,
            "ceiling": found.ceiling,
        })
    }

    fn link(&self, link: &Link) -> Value {
        let better = link
            .fits_better
            .map(|(home, found)| json!({"node": self.id(home), "pearson": found}));
        json!({
            "node": self.id(link.node),
            "parent": self.id(link.parent),
            "with_parent": correlation(&link.with_parent),
            "with_index": correlation(&link.with_index),
            "fits_better": better,
        })
    }

    fn group(&self, group: &Group) -> Value {
        let alpha = group.alpha.as_ref().map(|alpha| {
            json!({"raw": alpha.raw, "standardised": alpha.standardised, "without": alpha.without})
        });
        let components = group.components.as_ref().map(|components| {
            json!({
                "units": components.count,
                "eigenvalues": components.eigenvalues,
                "loadings": components.vectors,
            })
        });
        let importance = group.importance.iter().map(|importance| {
            json!({
                "part": self.id(importance.node),
                "weight": importance.weight,
                "importance": importance.share,
                "correlation_ratio": importance.ratio,
                "linear": importance.linear,
            })
        });
        json!({
            "node": self.id(group.node),
            "parts": self.ids(&group.parts),
            "alpha": alpha,
            "components": components,
            "importance": importance.collect::<Vec<_>>(),
        })
    }

    fn finding(&self, finding: &Finding) -> Value {
        let two = |kind: &str, one: NodeIx, other: NodeIx, r: f64| json!({"kind": kind, "nodes": [self.id(one), self.id(other)], "correlation": r});
        match finding {
            Finding::WrongWay {
                node,
                parent,
                correlation,
            } => two("wrong-way", *node, *parent, *correlation),
            Finding::Weak {
                node,
                parent,
                correlation,
            } => two("weak", *node, *parent, *correlation),
            Finding::Against {
                one,
                other,
                correlation,
            } => two("against", *one, *other, *correlation),
            Finding::Twice {
                one,
                other,
                correlation,
            } => two("twice", *one, *other, *correlation),
            Finding::Elsewhere { node, parent, home } => {
                json!({"kind": "elsewhere", "nodes": [self.id(*node), self.id(*parent), self.id(*home)]})
            }
            Finding::Loose {
                node,
                alpha,
                without,
            } => {
                let without =
                    without.map(|(part, alpha)| json!({"node": self.id(part), "alpha": alpha}));
                json!({"kind": "loose", "nodes": [self.id(*node)], "alpha": alpha, "without": without})
            }
            Finding::Several { node, count, apart } => {
                json!({"kind": "several", "nodes": [self.id(*node)], "count": count, "apart": self.ids(apart)})
            }
            Finding::Misweighted {
                node,
                weight,
                share,
            } => {
                json!({"kind": "misweighted", "nodes": [self.id(*node)], "weight": weight, "importance": share})
            }
            Finding::Thin { node, coverage } => {
                json!({"kind": "thin", "nodes": [self.id(*node)], "coverage": coverage})
            }
            Finding::Crowded { node, share, top } => {
                let end = if *top { "upper" } else { "lower" };
                json!({"kind": "crowded", "nodes": [self.id(*node)], "share": share, "end": end})
            }
            Finding::Constant { node } => json!({"kind": "constant", "nodes": [self.id(*node)]}),
            Finding::Disagreement { node, alpha } => {
                let nodes: Vec<&str> = node.iter().map(|node| self.id(*node)).collect();
                json!({"kind": "disagreement", "nodes": nodes, "alpha": alpha})
            }
        }
    }
}
