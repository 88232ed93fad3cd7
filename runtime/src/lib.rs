//! What exists while a Regatta program runs: programs, stacks, memory, natives, and the waist between engines.
