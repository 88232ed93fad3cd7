//! Every case on every engine this repository has.

regatta_conformance::main!(all: regatta_vm::backends);
