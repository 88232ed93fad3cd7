//! `docs/ops.md`.
