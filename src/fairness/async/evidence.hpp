#pragma once

#include <cstddef>
#include <span>

/// From p-values to e-values, and from e-values to a list whose share of errors is bounded.
///
/// An e-value is a number >= 0 whose expectation under honest play is at most 1; the average of several is one again,
/// whatever their dependence (Vovk and Wang 2021). So checks are averaged, never multiplied.
namespace liveops::fairness::async {

/// The mixture of all calibrators k p^(k-1), k uniform on [0, 1]: (1 - p + p ln p) / (p (ln p)^2). Its integral over
/// [0, 1] is 1, so a valid p-value becomes a valid e-value (Vovk and Wang 2021, section 2). 1/2 at p = 1.
[[nodiscard]] double e_value_of(double p);

/// What one false alarm in so many judgements means as an e-value: `e_value_of(1 / once_in)`.
[[nodiscard]] double e_value_of_once_in(double once_in);

/// e-BH (Wang and Ramdas 2022): how many of the largest of `n` e-values may be listed so that on average at most `fdr`
/// of the list are honest, whatever the dependence. `descending` holds the largest ones; those left out count as 0.
[[nodiscard]] std::size_t e_bh(std::span<const double> descending, std::size_t n, double fdr);

}  // namespace liveops::fairness::async
