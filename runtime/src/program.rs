//! A program: linked modules and functions made at run time, append-only, shared by all processes that run it.
//!
//! What can be in a program was proved by the verifier: [`Program::link`] and [`Program::install`] take `Verified`
//! things, and [`Program::link_lazily`] keeps bodies out of reach until [`Program::prove`] has checked them, at their
//! first call. Engines find functions through one table whose address never changes.

use crate::class::{ClassInfo, Classes};
use crate::entry::{Entry, Table};
use crate::form::{AllForms, Forms};
use crate::kind_method::KindMethods;
use crate::link::{self, LinkError, Linked, Unit};
use crate::magic::MagicSignatures;
use crate::matching::{Lookup, Matcher};
use crate::native::{NativeFunction, Natives};
use crate::shape::Shapes;
use crate::site::{Site, Sites};
use crate::texts::{Text, Texts, TooManyTexts};
use crate::trap::Trap;
use regatta_heap::{Header, Kind};
use regatta_ir::module::{Data, Global, Memory};
use regatta_ir::operand::Role;
use regatta_ir::{
    ClassId, FuncId, Function, GlobalId, Instr, Module, NativeId, PatternId, SigId, Signature, SiteId, TableId, TextId,
    Type,
};
use regatta_verifier::{EnvId, Environment, GlobalType, Outline, Verified, VerifyErrors};
use std::collections::HashMap;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// Code and declarations, linked.
#[derive(Debug)]
pub struct Program {
    id: EnvId,
    pub(crate) offered: Natives,
    table: Table,
    texts: Texts,
    classes: Classes,
    sites: Sites,
    shapes: Shapes,
    kind_methods: KindMethods,
    pub(crate) magic_signatures: MagicSignatures,
    // Boxed: the table points to entries, so they must not move when the vector grows.
    entries: boxcar::Vec<Box<Entry>>,
    types: boxcar::Vec<Signature>,
    globals: boxcar::Vec<Global>,
    // Counted apart, because the vector counts an element before it is there for other threads.
    globals_ready: AtomicUsize,
    natives: boxcar::Vec<ResolvedNative>,
    memory: OnceLock<MemoryPlan>,
    matchers: boxcar::Vec<Matcher>,
    lookups: boxcar::Vec<Lookup>,
    one_value: Signature,
    forms: AllForms,
    growth: Mutex<Growth>,
}

/// What linear memory a process of this program starts with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemoryPlan {
    /// Pages.
    pub size: Memory,
    /// Contents.
    pub data: Vec<Data>,
}

/// A native that a module declared and the host offers.
#[derive(Debug)]
pub struct ResolvedNative {
    /// The name.
    pub name: String,
    /// Its signature, in the program's types.
    pub sig: SigId,
    /// The host's function.
    pub function: NativeFunction,
}

/// What changes when a program grows; one thread at a time.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    pub(crate) static_ids: u32,
    pub(crate) dynamic_ids: u32,
    pub(crate) names: HashMap<String, FuncId>,
    pub(crate) class_names: HashMap<String, ClassId>,
    interned: HashMap<Signature, SigId>,
    unproved: HashMap<FuncId, (Arc<Unit>, usize)>,
}

impl Program {
    /// A program without code, over the natives a host offers.
    pub fn new(offered: Natives) -> Program {
        // The only thing programs share is this counter: it tells proofs made for one from proofs made for another.
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        Program {
            id: EnvId(NEXT_ID.fetch_add(1, Ordering::Relaxed)),
            offered,
            table: Table::new(),
            texts: Texts::new(),
            classes: Classes::new(),
            sites: Sites::new(),
            shapes: Shapes::new(),
            kind_methods: KindMethods::new(),
            magic_signatures: MagicSignatures::new(),
            entries: boxcar::Vec::new(),
            types: boxcar::Vec::new(),
            globals: boxcar::Vec::new(),
            globals_ready: AtomicUsize::new(0),
            natives: boxcar::Vec::new(),
            memory: OnceLock::new(),
            matchers: boxcar::Vec::new(),
            lookups: boxcar::Vec::new(),
            one_value: Signature::new([], [Type::Val]),
            forms: AllForms::default(),
            growth: Mutex::new(Growth::default()),
        }
    }

    /// Adds a module whose every body is proved.
    pub fn link(&self, module: Verified<Module>) -> Result<Linked, LinkError> {
        self.check_proof(module.env())?;
        link::link(self, Unit::proved(module))
    }

    /// Adds a module of which everything but the bodies is proved; each body is proved at its first call.
    pub fn link_lazily(&self, outline: Outline) -> Result<Linked, LinkError> {
        self.check_proof(outline.env())?;
        link::link(self, Unit::outlined(outline))
    }

    /// Adds a function made at run time; it may be called from the moment this returns.
    pub fn install(&self, function: Verified<Function>) -> Result<FuncId, LinkError> {
        self.check_proof(function.env())?;
        let mut growth = self.grow();
        let signature = self.type_of(function.sig).expect("[V-REF] the signature exists");
        self.check_types(&growth, [signature].into_iter())?;
        let (id, params) = (growth.next_dynamic()?, signature.params.len());
        let signatures = self.signatures(&mut growth, function.sig);
        let entry = self.add_entry(Entry::unproved(id, signatures, function.registers.len(), params));
        entry.publish(Ok(link::place(self, function.into_inner())));
        Ok(id)
    }

    /// Makes sure the body of `func` is proved; says why not. Cheap when it is.
    pub fn prove(&self, func: FuncId) -> Result<(), VerifyErrors> {
        let entry = self.entry(func).expect("engines ask for functions that exist");
        if entry.proof().is_none() {
            let unit = self.grow().unproved.remove(&func);
            if let Some((unit, n)) = unit {
                entry.publish(unit.body(self, n));
            }
        }
        // Another thread may be proving the same body right now.
        while entry.proof().is_none() {
            std::thread::yield_now();
        }
        entry.proof().expect("just published").map_err(VerifyErrors::clone)
    }

    /// The function with this id.
    #[inline(always)]
    pub fn entry(&self, func: FuncId) -> Option<&Entry> {
        self.table.get(func)
    }

    /// What somebody keeps with the program, and goes with it: one of each type, made when first asked for.
    pub fn companion<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.forms.companion()
    }

    /// The forms of type `T`: where an engine keeps what it makes of functions.
    pub fn forms<T: Send + Sync + 'static>(&self) -> Arc<Forms<T>> {
        self.forms.of()
    }

    /// The function table, for engines: index it by [`FuncId::table_place`].
    pub fn table(&self) -> *const AtomicPtr<Entry> {
        self.table.as_ptr()
    }

    /// The function an indirect call of `id` through signature `sig` enters. See [`Context::resolve`](crate::Context::resolve).
    #[inline(always)]
    pub fn resolve(&self, id: i32, sig: SigId) -> Result<&Entry, Trap> {
        let entry = self.table.get(FuncId(id as u32)).ok_or(Trap::UndefinedFunction)?;
        if entry.sig == sig { Ok(entry) } else { Err(Trap::SignatureMismatch) }
    }

    /// The function of this name: `module.function`, or `function` of a module without a name.
    pub fn find(&self, name: &str) -> Option<FuncId> {
        self.grow().names.get(name).copied()
    }

    /// All functions, in the order they came.
    pub fn functions(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(_, entry)| &**entry)
    }

    /// The signature of a function.
    pub fn function_signature(&self, func: FuncId) -> Option<&Signature> {
        self.type_of(self.entry(func)?.sig)
    }

    /// The signature that the call instruction at the start of `code` was written against. It decides where results land:
    /// after tail calls, the function that returns may have other parameters than the one that was called.
    pub fn call_signature(&self, code: &[u64]) -> Option<&Signature> {
        let call = Instr::decode(code)?;
        for (operand, arg) in call.operands() {
            match operand.role {
                Role::Func => return self.function_signature(FuncId(arg as u32)),
                Role::Sig => return self.type_of(SigId(arg as u32)),
                _ => {}
            }
        }
        Some(&self.one_value) // what every call that names neither gives
    }

    /// The name of a function, for people: the same before its body is proved and after.
    pub fn function_name(&self, func: FuncId) -> String {
        let waiting = || self.grow().unproved.get(&func).map(|(unit, n)| unit.module().functions[*n].name.clone());
        let name = match self.entry(func) {
            Some(entry) if entry.proof().is_none() => waiting().or_else(|| entry.proved_name()),
            Some(entry) => entry.proved_name(),
            None => None,
        };
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("#{}", func.0))
    }

    /// The signature with this id.
    #[inline]
    pub fn type_of(&self, sig: SigId) -> Option<&Signature> {
        self.types.get(sig.index())
    }

    /// The id of a signature that the program has.
    pub fn find_type(&self, signature: &Signature) -> Option<SigId> {
        self.grow().interned.get(signature).copied()
    }

    pub(crate) fn types_count(&self) -> usize {
        self.types.count()
    }

    /// The global with this id.
    pub fn global(&self, id: GlobalId) -> Option<&Global> {
        self.globals.get(id.index())
    }

    /// How many globals there are.
    #[inline]
    pub fn globals(&self) -> usize {
        self.globals_ready.load(Ordering::Acquire)
    }

    /// The native with this id.
    #[inline]
    pub fn native(&self, id: NativeId) -> Option<&ResolvedNative> {
        self.natives.get(id.index())
    }

    /// How many natives there are.
    pub fn natives(&self) -> usize {
        self.natives.count()
    }

    /// The linear memory processes start with, if any.
    pub fn memory(&self) -> Option<&MemoryPlan> {
        self.memory.get()
    }

    /// The text with this number: an atom's name, and the string of the same characters.
    #[inline(always)]
    pub fn text(&self, id: TextId) -> Option<Text<'_>> {
        self.texts.get(id)
    }

    /// The number of a text, which the program may not have yet.
    pub fn intern(&self, text: &str) -> Result<TextId, TooManyTexts> {
        self.texts.intern(text)
    }

    /// The number of a text that the program has.
    pub fn find_text(&self, text: &str) -> Option<TextId> {
        self.texts.find(text)
    }

    /// As [`Program::find_text`], for a text whose [hash](regatta_heap::string::hash) is known.
    #[inline]
    pub fn find_hashed_text(&self, hash: u32, text: &str) -> Option<TextId> {
        self.texts.find_hashed(hash, text)
    }

    /// How many texts there are.
    pub fn texts(&self) -> usize {
        self.texts.count()
    }

    /// The class with this id.
    #[inline(always)]
    pub fn class(&self, id: ClassId) -> Option<&ClassInfo> {
        self.classes.get(id)
    }

    /// The class of an instance.
    ///
    /// # Safety
    /// The id must be the layout of an instance that a process of this program has.
    #[inline(always)]
    pub(crate) unsafe fn class_of_instance(&self, layout: u32) -> &ClassInfo {
        // SAFETY: [R-CLASS] as the caller promises.
        unsafe { self.classes.of_instance(ClassId(layout)) }
    }

    /// The class of this name: `module.class`, or `class` of a module without a name.
    pub fn find_class(&self, name: &str) -> Option<ClassId> {
        self.grow().class_names.get(name).copied()
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes.count()
    }

    /// The header of a new instance of a class; [`Header::FORWARDED`] for one without instances of its own.
    #[inline(always)]
    pub fn instance_head(&self, class: ClassId) -> Header {
        self.classes.head(class)
    }

    /// Where the headers of new instances lie, and the classes themselves, by id: for engines that make machine code.
    pub fn class_tables(&self) -> (*const AtomicU64, *const AtomicPtr<ClassInfo>) {
        self.classes.tables()
    }

    /// Where the addresses of texts lie, by id: for engines that make machine code.
    pub fn text_places(&self) -> *const AtomicPtr<u64> {
        self.texts.as_ptr()
    }

    /// What was found at a place of the code.
    #[inline(always)]
    pub fn site(&self, id: SiteId) -> &Site {
        self.sites.get(id)
    }

    /// Where the facts of all sites lie, four words for each: for engines that make machine code.
    pub fn site_words(&self) -> *const u64 {
        self.sites.first_word()
    }

    /// How many sites there are.
    pub fn sites(&self) -> usize {
        self.sites.count()
    }

    /// A new site, for one instruction. When there are too many, one that remembers nothing.
    pub fn add_site(&self) -> SiteId {
        self.sites.add()
    }

    /// All shapes.
    #[inline(always)]
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// Gives every object of a kind a method; `false` if it has one of this name already, or there are
    /// [`MAX_KIND_METHODS`](crate::kind_method::MAX_KIND_METHODS). The function takes the receiver first.
    pub fn add_kind_method(&self, kind: Kind, name: &str, func: FuncId) -> Result<bool, TooManyTexts> {
        Ok(self.kind_methods.add(kind, self.intern(name)?, func))
    }

    /// The number of the method that objects of a kind have under this name.
    pub fn kind_method(&self, kind: Kind, name: TextId) -> Option<u16> {
        self.kind_methods.find(kind, name)
    }

    /// The function of the method with this number.
    #[inline]
    pub fn kind_function(&self, number: usize) -> Option<FuncId> {
        self.kind_methods.function(number)
    }

    /// How many registers a pattern binds.
    #[inline]
    pub fn bindings(&self, pattern: PatternId) -> usize {
        self.matcher(pattern).map_or(0, Matcher::bindings)
    }

    /// A pattern.
    #[inline]
    pub fn matcher(&self, id: PatternId) -> Option<&Matcher> {
        self.matchers.get(id.index())
    }

    /// A table of keys.
    #[inline]
    pub fn lookup(&self, id: TableId) -> Option<&Lookup> {
        self.lookups.get(id.index())
    }

    fn check_proof(&self, env: EnvId) -> Result<(), LinkError> {
        if env == self.id { Ok(()) } else { Err(LinkError::ForeignProof) }
    }
}

/// How `link.rs` grows a program.
impl Program {
    pub(crate) fn grow(&self) -> std::sync::MutexGuard<'_, Growth> {
        self.growth.lock().expect("nobody panics while a program grows")
    }

    pub(crate) fn add_entry(&self, entry: Entry) -> &Entry {
        let place = self.entries.push(Box::new(entry));
        let entry = &**self.entries.get(place).expect("just pushed");
        self.table.set(entry);
        entry
    }

    pub(crate) fn add_global(&self, global: Global) -> GlobalId {
        let id = GlobalId(self.globals.push(global) as u32);
        self.globals_ready.store(id.index() + 1, Ordering::Release);
        id
    }

    pub(crate) fn add_class(&self, class: ClassInfo) {
        self.classes.push(class, |func| self.entry(func).expect("[V-REF] methods are functions of the program"));
    }

    pub(crate) fn add_native(&self, native: ResolvedNative) -> NativeId {
        NativeId(self.natives.push(native) as u32)
    }

    pub(crate) fn add_matcher(&self, matcher: Matcher) -> PatternId {
        PatternId(self.matchers.push(matcher) as u32)
    }

    pub(crate) fn add_lookup(&self, lookup: Lookup) -> TableId {
        TableId(self.lookups.push(lookup) as u32)
    }

    pub(crate) fn set_memory(&self, plan: MemoryPlan) {
        self.memory.set(plan).expect("`link` looked before");
    }

    /// The id of a signature; the same for equal ones.
    pub(crate) fn intern_type(&self, growth: &mut Growth, signature: &Signature) -> SigId {
        if let Some(&id) = growth.interned.get(signature) {
            return id;
        }
        let id = SigId(self.types.push(signature.clone()) as u32);
        growth.interned.insert(signature.clone(), id);
        id
    }
}

impl Growth {
    pub(crate) fn has_interned(&self, signature: &Signature) -> bool {
        self.interned.contains_key(signature)
    }

    pub(crate) fn next_dynamic(&mut self) -> Result<FuncId, LinkError> {
        if self.dynamic_ids as usize >= crate::entry::MAX_PROGRAM_FUNCTIONS {
            return Err(LinkError::TooManyFunctions);
        }
        self.dynamic_ids += 1;
        Ok(FuncId::dynamic(self.dynamic_ids - 1))
    }

    pub(crate) fn keep_unproved(&mut self, func: FuncId, unit: &Arc<Unit>, n: usize) {
        self.unproved.insert(func, (unit.clone(), n));
    }
}

impl Environment for Program {
    fn id(&self) -> EnvId {
        self.id
    }

    fn function(&self, func: FuncId) -> Option<&Signature> {
        self.function_signature(func)
    }

    fn signature(&self, sig: SigId) -> Option<&Signature> {
        self.type_of(sig)
    }

    fn global(&self, id: GlobalId) -> Option<GlobalType> {
        Program::global(self, id).map(|global| GlobalType { ty: global.ty, mutable: global.mutable })
    }

    fn native(&self, id: NativeId) -> Option<&Signature> {
        self.type_of(Program::native(self, id)?.sig)
    }

    fn has_memory(&self) -> bool {
        self.memory.get().is_some()
    }

    fn import(&self, name: &str) -> Option<&Signature> {
        self.function_signature(self.find(name)?)
    }

    fn has_text(&self, id: TextId) -> bool {
        id.index() < self.texts()
    }

    fn has_class_named(&self, name: &str) -> bool {
        self.find_class(name).is_some()
    }

    fn has_class(&self, id: ClassId) -> bool {
        self.class(id).is_some()
    }

    fn has_table(&self, id: TableId) -> bool {
        self.lookup(id).is_some()
    }

    fn bindings(&self, id: PatternId) -> Option<usize> {
        self.matcher(id).map(Matcher::bindings)
    }
}
