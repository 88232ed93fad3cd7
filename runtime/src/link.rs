//! Linking: a module's own index spaces become the program's.
//!
//! The first module of a program keeps its numbers, so its code runs where it lies, in a mapped file if it came from
//! one. A later module's code is copied once with its references replaced.

use crate::callee::Signatures;
use crate::class::ClassInfo;
use crate::class::link::{self as classes, ClassError, Numbers};
use crate::entry::{Entry, MAX_PROGRAM_FUNCTIONS};
use crate::matching::{Literals, Lookup, Matcher};
use crate::program::{Growth, MemoryPlan, Program, ResolvedNative};
use crate::texts::TooManyTexts;
use regatta_heap::Value;
use regatta_ir::operand::Role;
use regatta_ir::{
    ClassId, Code, FuncId, Function, GlobalId, Instr, Module, NativeId, Opcode, PatternId, SigId, TableId, TextId,
};
use regatta_verifier::{Outline, Verified, VerifyErrors};
use std::sync::{Arc, OnceLock};

/// Why a module can't join a program.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LinkError {
    /// The proof was made against another program.
    #[error("the module was verified against another program")]
    ForeignProof,
    /// No module of the program has this function.
    #[error("imported function `{0}` is not in the program")]
    MissingImport(String),
    /// The host does not offer this native.
    #[error("native `{name}` is not offered by the host{}", near(.name, .offered))]
    MissingNative {
        /// The name wanted.
        name: String,
        /// What is offered.
        offered: Vec<String>,
    },
    /// The host's native has another signature.
    #[error("native `{name}` is declared as {declared}, but the host's is {offered}")]
    NativeSignature {
        /// The name.
        name: String,
        /// As the module has it.
        declared: String,
        /// As the host has it.
        offered: String,
    },
    /// Two modules with memory.
    #[error("another module of the program already has linear memory")]
    SecondMemory,
    /// Two functions of one name.
    #[error("the program already has a function `{0}`")]
    DuplicateName(String),
    /// [`MAX_PROGRAM_FUNCTIONS`].
    #[error("the program would have more than {MAX_PROGRAM_FUNCTIONS} functions")]
    TooManyFunctions,
    /// Signatures are named in 16 bits.
    #[error("the program would have more than 65536 signatures")]
    TooManyTypes,
    /// Two classes of one name.
    #[error("the program already has a class `{0}`")]
    DuplicateClass(String),
    /// No module of the program has this class.
    #[error("imported class `{0}` is not in the program")]
    MissingClass(String),
    /// A class that can't be.
    #[error("class `{class}` {error}")]
    Class {
        /// Its name.
        class: String,
        /// What is wrong with it.
        error: ClassError,
    },
    /// [`crate::class::MAX_PROGRAM_CLASSES`].
    #[error("the program would have more than {} classes", crate::class::MAX_PROGRAM_CLASSES)]
    TooManyClasses,
    /// [`crate::texts::MAX_ATOMS`].
    #[error(transparent)]
    TooManyTexts(#[from] TooManyTexts),
}

/// The natives of the same family, `string.` of `string.trim`; else the families there are.
fn near(name: &str, offered: &[String]) -> String {
    let family = |name: &str| name.split_once('.').map_or(name, |(family, _)| family).to_string();
    let relatives: Vec<&str> = offered.iter().filter(|other| family(other) == family(name)).map(|s| &**s).collect();
    let mut families: Vec<String> = offered.iter().map(|name| family(name)).collect();
    families.dedup();
    match (relatives.is_empty(), offered.is_empty()) {
        (_, true) => String::new(),
        (false, _) => format!("; it offers {}", relatives.join(", ")),
        (true, _) => format!("; it offers natives of {}", families.join(", ")),
    }
}

/// A module after linking: where its functions are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Linked {
    first: FuncId,
    names: Vec<String>,
}

impl Linked {
    /// The id of the module's own function number `n`.
    pub fn function(&self, n: usize) -> Option<FuncId> {
        (n < self.names.len()).then(|| FuncId(self.first.0 + n as u32))
    }

    /// The id of the module's own function of this name.
    pub fn find(&self, name: &str) -> Option<FuncId> {
        self.function(self.names.iter().position(|n| n == name)?)
    }

    /// Which of the module's own functions this is; `None` for functions of others.
    pub fn number_of(&self, func: FuncId) -> Option<usize> {
        let n = func.0.checked_sub(self.first.0)? as usize;
        (n < self.names.len()).then_some(n)
    }

    /// Names of the module's own functions, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// A module on its way in, with as much proof as it has.
#[derive(Debug)]
pub(crate) struct Unit {
    source: Source,
    maps: OnceLock<Maps>,
}

#[derive(Debug)]
enum Source {
    Proved(Verified<Module>),
    Outlined(Outline),
}

/// From the module's indexes to the program's.
#[derive(Debug, Default)]
struct Maps {
    functions: Vec<FuncId>,
    types: Vec<SigId>,
    globals: Vec<GlobalId>,
    natives: Vec<NativeId>,
    texts: Vec<TextId>,
    classes: Vec<ClassId>,
    patterns: Vec<PatternId>,
    tables: Vec<TableId>,
}

impl Unit {
    pub(crate) fn proved(module: Verified<Module>) -> Unit {
        Unit { source: Source::Proved(module), maps: OnceLock::new() }
    }

    pub(crate) fn outlined(outline: Outline) -> Unit {
        Unit { source: Source::Outlined(outline), maps: OnceLock::new() }
    }

    pub(crate) fn module(&self) -> &Module {
        match &self.source {
            Source::Proved(module) => module,
            Source::Outlined(outline) => outline,
        }
    }

    /// Body number `n`, proved and in the program's numbers.
    pub(crate) fn body(&self, program: &Program, n: usize) -> Result<Function, VerifyErrors> {
        let function = match &self.source {
            Source::Proved(module) => module.functions[n].clone(),
            Source::Outlined(outline) => outline.verify_body(n)?.function.clone(),
        };
        Ok(self.maps.get().expect("units are linked before bodies are asked for").apply(program, function))
    }
}

impl Maps {
    /// [R-LINK] replaces each reference by the program's name for the same thing; the proof stays good, because it
    /// depends on signatures and types only, and those are equal. Code that needs no change stays where it is.
    fn apply(&self, program: &Program, mut function: Function) -> Function {
        function.sig = self.types[function.sig.index()];
        // What has a site has a name too.
        let sites = if self.texts.is_empty() { 0 } else { reference(Role::Site) };
        replace(&mut function.code, self.moved() | sites, |role, arg| match role {
            Role::Site => *arg = u64::from(program.add_site().0),
            role => self.replace(role, arg),
        });
        function
    }

    /// Which kinds of reference have other numbers in the program than in the module, as bits of [`reference`].
    fn moved(&self) -> u16 {
        fn bit(kind: Role, mut numbers: impl Iterator<Item = u32>) -> u16 {
            let mut next = 0..;
            if numbers.all(|number| next.next() == Some(number)) { 0 } else { reference(kind) }
        }
        bit(Role::Func, self.functions.iter().map(|id| id.0))
            | bit(Role::Sig, self.types.iter().map(|id| id.0))
            | bit(Role::Global, self.globals.iter().map(|id| id.0))
            | bit(Role::Native, self.natives.iter().map(|id| id.0))
            | bit(Role::Atom, self.texts.iter().map(|id| id.0))
            | bit(Role::Class, self.classes.iter().map(|id| id.0))
            | bit(Role::Pattern, self.patterns.iter().map(|id| id.0))
            | bit(Role::Table, self.tables.iter().map(|id| id.0))
    }

    fn replace(&self, role: Role, arg: &mut u64) {
        let at = *arg as usize;
        match role {
            Role::Func => *arg = u64::from(self.functions[at].0),
            Role::Sig => *arg = u64::from(self.types[at].0),
            Role::Global => *arg = u64::from(self.globals[at].0),
            Role::Native => *arg = u64::from(self.natives[at].0),
            Role::Atom | Role::Text => *arg = u64::from(self.texts[at].0),
            Role::Class => *arg = u64::from(self.classes[at].0),
            Role::Pattern => *arg = u64::from(self.patterns[at].0),
            Role::Table => *arg = u64::from(self.tables[at].0),
            _ => {}
        }
    }
}

/// A function whose references are the program's already, made ready to run there.
pub(crate) fn place(program: &Program, mut function: Function) -> Function {
    replace(&mut function.code, reference(Role::Site), |role, arg| {
        if role == Role::Site {
            *arg = u64::from(program.add_site().0);
        }
    });
    function
}

/// Gives `change` each operand of each instruction that has a reference of these kinds (bits of [`reference`]). Code
/// without any stays where it is.
fn replace(code: &mut Code, kinds: u16, mut change: impl FnMut(Role, &mut u64)) {
    let (mut words, mut pc) = (None, 0);
    while kinds != 0 && pc < code.len() {
        let mut instr = Instr::decode(&code[pc..]).expect("[V-OP] the code decodes");
        if references(instr.op) & kinds != 0 {
            for (operand, arg) in instr.op.info().operands.iter().zip(&mut instr.args) {
                change(operand.role, arg);
            }
            let words = words.get_or_insert_with(|| code.to_vec());
            words[pc..pc + instr.words()].copy_from_slice(instr.encode().as_words());
        }
        pc += instr.words();
    }
    if let Some(words) = words {
        *code = Code::from(words);
    }
}

/// A bit for each kind of reference that linking may have to replace.
const fn reference(role: Role) -> u16 {
    match role {
        Role::Func => 1,
        Role::Sig => 2,
        Role::Global => 4,
        Role::Native => 8,
        Role::Atom | Role::Text => 16,
        Role::Class => 32,
        Role::Site => 64,
        Role::Pattern => 128,
        Role::Table => 256,
        _ => 0,
    }
}

/// The references an op has, as bits.
fn references(op: Opcode) -> u16 {
    const REFERENCES: [u16; Opcode::COUNT] = {
        let (mut all, mut n) = ([0; Opcode::COUNT], 0);
        while n < all.len() {
            let (operands, mut k) = (Opcode::ALL[n].info().operands, 0);
            while k < operands.len() {
                all[n] |= reference(operands[k].role);
                k += 1;
            }
            n += 1;
        }
        all
    };
    REFERENCES[op as usize]
}

/// Adds the module of `unit`. Everything that can fail is looked at before anything is added.
pub(crate) fn link(program: &Program, unit: Unit) -> Result<Linked, LinkError> {
    let mut growth = program.grow();
    let module = unit.module();
    let imports = check(program, &growth, module)?;
    let texts: Vec<TextId> = module.texts.iter().map(|text| program.intern(text)).collect::<Result<_, _>>()?;
    let first = growth.static_ids;
    let own = (0..module.functions.len() as u32).map(|n| FuncId(first + n));
    let functions: Vec<FuncId> = imports.into_iter().chain(own).collect();
    let numbers = Numbers { functions: &functions, texts: &texts, first_global: program.globals() as u32 };
    let plan = classes::plan(program, &growth, module, &numbers)?;
    growth.static_ids += module.functions.len() as u32;

    let types: Vec<SigId> = module.types.iter().map(|ty| program.intern_type(&mut growth, ty)).collect();
    let globals = module.globals.iter().map(|global| program.add_global(global.clone())).collect();
    let natives = module.natives.iter().map(|native| add_native(program, native, &types)).collect();
    if let Some(size) = module.memory {
        program.set_memory(MemoryPlan { size, data: module.data.clone() });
    }
    let literals = Texts { program, texts: &texts };
    let matchers = module.patterns.iter().map(|pattern| Matcher::new(pattern, &literals));
    let patterns = matchers.map(|matcher| program.add_matcher(matcher)).collect();
    let lookups = module.tables.iter().map(|table| Lookup::new(table, &literals));
    let tables = lookups.map(|lookup| program.add_lookup(lookup)).collect();
    let classes = plan.ids;
    let maps = Maps { functions, types, globals, natives, texts, classes, patterns, tables };
    unit.maps.set(maps).expect("a unit is linked once");

    let unit = Arc::new(unit);
    let linked =
        Linked { first: FuncId(first), names: unit.module().functions.iter().map(|f| f.name.clone()).collect() };
    add_entries(program, &mut growth, &unit, first);
    add_classes(program, &mut growth, unit.module(), plan.classes);
    publish_bodies(program, &mut growth, &unit, first);
    Ok(linked)
}

/// A module's texts as the program's.
struct Texts<'a> {
    program: &'a Program,
    texts: &'a [TextId],
}

impl Literals for Texts<'_> {
    fn text(&self, id: TextId) -> TextId {
        self.texts[id.index()]
    }

    fn string(&self, id: TextId) -> Value {
        self.program.text(self.text(id)).expect("just interned").value()
    }
}

/// Looks at everything that may stand in the way; gives the ids of imported functions.
fn check(program: &Program, growth: &Growth, module: &Module) -> Result<Vec<FuncId>, LinkError> {
    if growth.static_ids as usize + module.functions.len() > MAX_PROGRAM_FUNCTIONS {
        return Err(LinkError::TooManyFunctions);
    }
    program.check_types(growth, module.types.iter())?;
    if module.memory.is_some() && program.memory().is_some() {
        return Err(LinkError::SecondMemory);
    }
    for native in &module.natives {
        let declared = &module.types[native.sig.index()];
        let Some(offered) = program.offered.get(&native.name) else {
            let offered = program.offered.names().iter().map(|name| name.to_string()).collect();
            return Err(LinkError::MissingNative { name: native.name.clone(), offered });
        };
        if offered.signature != *declared {
            let (declared, offered) = (declared.to_string(), offered.signature.to_string());
            return Err(LinkError::NativeSignature { name: native.name.clone(), declared, offered });
        }
    }
    // A program without names, as at its first module, needs no look at each of what may be many functions.
    let named = module.functions.iter().filter(|function| !growth.names.is_empty() && !function.name.is_empty());
    for name in named.map(|function| full_name(module, function)) {
        if growth.names.contains_key(&name) {
            return Err(LinkError::DuplicateName(name));
        }
    }
    let resolve = |import: &regatta_ir::module::Import| {
        growth.names.get(&import.name).copied().ok_or_else(|| LinkError::MissingImport(import.name.clone()))
    };
    module.imports.iter().map(resolve).collect()
}

fn full_name(module: &Module, function: &Function) -> String {
    if module.name.is_empty() { function.name.clone() } else { [&*module.name, ".", &*function.name].concat() }
}

fn add_native(program: &Program, native: &regatta_ir::module::Native, types: &[SigId]) -> NativeId {
    let function = program.offered.get(&native.name).expect("`check` has seen it").clone();
    program.add_native(ResolvedNative { name: native.name.clone(), sig: types[native.sig.index()], function })
}

/// Gives every function its place before any of them can run: another thread may already guess their ids.
fn add_entries(program: &Program, growth: &mut Growth, unit: &Arc<Unit>, first: u32) {
    let maps = unit.maps.get().expect("`link` has set them");
    let module = unit.module();
    growth.names.reserve(module.functions.len());
    let signatures: Vec<Signatures> = maps.types.iter().map(|&sig| program.signatures(growth, sig)).collect();
    for (n, function) in module.functions.iter().enumerate() {
        let id = FuncId(first + n as u32);
        let params = module.types[function.sig.index()].params.len();
        program.add_entry(Entry::unproved(id, signatures[function.sig.index()], function.registers.len(), params));
        if !function.name.is_empty() {
            growth.names.insert(full_name(module, function), id);
        }
    }
}

/// Classes come when the functions of their vtables have places, and before code that may name them.
fn add_classes(program: &Program, growth: &mut Growth, module: &Module, classes: Vec<ClassInfo>) {
    for (class, declared) in classes.into_iter().zip(&module.classes) {
        if !declared.name.is_empty() {
            growth.class_names.insert(class.name.clone(), class.id);
        }
        program.add_class(class);
    }
}

/// Lets the functions run.
fn publish_bodies(program: &Program, growth: &mut Growth, unit: &Arc<Unit>, first: u32) {
    for n in 0..unit.module().functions.len() {
        let id = FuncId(first + n as u32);
        match &unit.source {
            Source::Proved(_) => program.entry(id).expect("just added").publish(unit.body(program, n)),
            Source::Outlined(_) => growth.keep_unproved(id, unit, n),
        }
    }
}
