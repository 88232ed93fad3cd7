//! Workloads of Regatta with their right answers, and the benchmarks over them.
