//! Properties by name: what a name means in an object, and who may use it.
//!
//! One way of asking for all kinds of objects. Instances have fields and methods, prototype objects have properties of
//! their own and along their chain, and every other kind has what the program has [added](crate::Program::add_kind_method) for it.
//! What is found becomes a [`Fact`] of the instruction's [site](crate::site), so the next object of the same layout needs
//! one comparison.
//!
//! | | an instance | a prototype object | another object | anything else |
//! |---|---|---|---|---|
//! | get | field, or method as a function | own, or of its prototypes; else `undefined` | method of the kind; else `undefined` | traps |
//! | set | field; else traps | own, or a new one | traps | traps |
//!
//! A protected property is there for privileged instructions only: others trap when they get it. A readonly one is set by
//! nobody; it can be defined anew, unless it is fixed. Facts are learned where access was allowed, and each
//! instruction has a site of its own, so a fact says that too.

use crate::class::Member;
use crate::exec::{Context, Stop};
use crate::object::prototype::{MAX_PROTOTYPES, Place, PrototypeObject};
use crate::object::{Instance, Word};
use crate::site::{Fact, How, Site};
use crate::trap::Trap;
use regatta_heap::{Header, Heap, Kind, Object, Value};
use regatta_ir::vocabulary::access::{FIXED, HIDDEN, PROTECTED, READONLY};
use regatta_ir::{ClassId, SiteId, TextId};

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// Any code.
    Anyone,
    /// Code of the object itself.
    Privileged,
}

impl Who {
    fn may_read(self, access: u16) -> bool {
        self == Who::Privileged || access & PROTECTED == 0
    }

    fn may_write(self, access: u16) -> bool {
        access & READONLY == 0 && self.may_read(access)
    }
}

/// What an object has under a name.
enum Meaning {
    Fact(Fact),
    /// True of this object only.
    Place(Place),
}

/// The fast paths: what a site's first fact says.
impl Context<'_> {
    /// The value of a property, if the site's first fact is about the object.
    #[inline(always)]
    pub fn known_property(&self, object: Value, site: SiteId) -> Option<Value> {
        let object = object.as_object()?;
        let slot = self.known_slot(object.header(), site)?;
        // SAFETY: [R-SITE] an object of this layout has the slot in its own words.
        Some(unsafe { object.value(slot) })
    }

    /// The slot of an object's own in which it has what the site is about, if the site knows.
    #[inline(always)]
    fn known_slot(&self, header: Header, site: SiteId) -> Option<usize> {
        let site = self.program.site(site);
        if site.first().is_about(header) {
            return Some(site.first().slot());
        }
        for fact in site.others() {
            if fact.is_about(header) && fact.how() == How::Own {
                return Some(fact.slot());
            }
        }
        None
    }

    /// Where the value of a property is, if the site's first fact is about the object.
    #[inline(always)]
    pub fn known_place(&self, object: Value, site: SiteId) -> Option<Word> {
        let object = object.as_object()?;
        let slot = self.known_slot(object.header(), site)?;
        // SAFETY: [R-SITE] as above.
        Some(unsafe { Word::new(object, slot) })
    }
}

/// Getting.
impl<'a> Context<'a> {
    /// The value of a property, of the object or along its prototypes; `None` if there is none.
    #[inline(never)]
    pub fn property(&self, value: Value, name: TextId, site: Option<SiteId>, who: Who) -> Result<Option<Value>, Trap> {
        let mut object = value.as_object().ok_or(Trap::NotAnObject)?;
        let site = site.map(|site| self.program.site(site));
        for _ in 0..MAX_PROTOTYPES {
            match self.meaning(object, name, site, who)? {
                Meaning::Place(place) => return Ok(PrototypeObject::of_object(object).map(|object| object.get(place))),
                Meaning::Fact(fact) if fact.how() != How::Absent => return Ok(self.by_fact(object, fact)),
                Meaning::Fact(_) => {}
            }
            match PrototypeObject::of_object(object).and_then(PrototypeObject::prototype) {
                Some(prototype) => object = prototype.object(),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The value of a property, if the site knows of all objects on the way.
    #[inline]
    pub(crate) fn property_by_site(&self, value: Value, site: SiteId) -> Option<Value> {
        let site = self.program.site(site);
        let mut object = value.as_object()?;
        for _ in 0..MAX_PROTOTYPES {
            let fact = site.find(object.header())?;
            if fact.how() != How::Absent {
                return self.by_fact(object, fact);
            }
            object = PrototypeObject::of_object(object)?.prototype()?.object();
        }
        None
    }

    /// What the object itself has under a name.
    #[inline]
    fn meaning(&self, object: Object, name: TextId, site: Option<&Site>, who: Who) -> Result<Meaning, Trap> {
        match site.and_then(|site| site.find(object.header())) {
            Some(fact) => Ok(Meaning::Fact(fact)),
            None => self.find_meaning(object, name, site, who),
        }
    }

    fn find_meaning(&self, object: Object, name: TextId, site: Option<&Site>, who: Who) -> Result<Meaning, Trap> {
        let header = object.header();
        let layout = header.layout();
        let absent = Fact::new(layout, How::Absent, 0);
        let fact = match header.kind() {
            Kind::Instance => self.member_fact(ClassId(layout), name),
            Kind::Object => {
                let object = PrototypeObject::of_object(object).expect("it is of this kind");
                match object.find(self.program, name) {
                    Some((_, access)) if !who.may_read(access) => return Err(Trap::PropertyDenied),
                    Some((Place::Own(slot), _)) => Fact::new(layout, How::Own, slot as u16),
                    Some((Place::Spill(slot), _)) => Fact::new(layout, How::Spill, slot as u16),
                    Some((place @ Place::Entry(_), _)) => return Ok(Meaning::Place(place)),
                    None if object.is_dictionary() => return Ok(Meaning::Fact(absent)), // true for now only
                    None => absent,
                }
            }
            Kind::Proxy => return Err(proxy_hook()),
            kind => match self.program.kind_method(kind, name) {
                Some(number) => Fact::new(layout, How::OfKind, number),
                None => return Ok(Meaning::Fact(absent)), // the program may get one
            },
        };
        if let Some(site) = site {
            site.learn(fact);
        }
        Ok(Meaning::Fact(fact))
    }

    fn member_fact(&self, class: ClassId, name: TextId) -> Fact {
        match self.program.class(class).and_then(|class| class.member(name)) {
            Some(Member::Field(slot)) => Fact::new(class.0, How::Own, slot),
            Some(Member::Method(slot)) => Fact::new(class.0, How::Method, slot),
            None => Fact::new(class.0, How::Absent, 0),
        }
    }

    /// The value that a fact about an object leads to.
    fn by_fact(&self, object: Object, fact: Fact) -> Option<Value> {
        match fact.how() {
            // SAFETY: [R-SITE] an object of the layout that the fact is about has this word.
            How::Own => Some(unsafe { object.value(fact.slot()) }),
            How::Spill => PrototypeObject::of_object(object).map(|object| object.get(Place::Spill(fact.slot()))),
            How::Method => {
                let class = self.program.class(ClassId(object.header().layout()))?;
                class.virtual_entry(fact.slot()).map(|entry| Value::function(entry.id.0))
            }
            How::OfKind => self.program.kind_function(fact.slot()).map(|func| Value::function(func.0)),
            How::Absent => None,
        }
    }

    /// Has the object, or one of its prototypes, a property of this name?
    pub fn has_property(&self, value: Value, name: TextId) -> Result<bool, Trap> {
        // A protected property is no secret, only its value is.
        self.property(value, name, None, Who::Privileged).map(|found| found.is_some())
    }

    /// What may be done with a property of the object's own.
    pub fn property_access(&self, value: Value, name: TextId) -> Result<Option<u16>, Trap> {
        if let Some(instance) = Instance::of(value) {
            return Ok(instance.class(self.program).member(name).map(|member| match member {
                Member::Field(_) => FIXED,
                Member::Method(_) => FIXED | READONLY | HIDDEN,
            }));
        }
        let object = PrototypeObject::of(value);
        match object {
            Some(object) => Ok(object.find(self.program, name).map(|found| found.1)),
            None => value.as_object().map(|_| None).ok_or(Trap::NotAnObject),
        }
    }

    /// The names of an object's own properties, without hidden ones.
    pub fn property_names(&self, value: Value) -> Result<Vec<TextId>, Trap> {
        if let Some(instance) = Instance::of(value) {
            return Ok(instance.class(self.program).fields().to_vec());
        }
        let Some(object) = PrototypeObject::of(value) else {
            return value.as_object().map(|_| vec![]).ok_or(Trap::NotAnObject);
        };
        let properties = object.properties(self.program).into_iter();
        // Protected ones are not for everyone's eyes, so they are not among the names either.
        Ok(properties.filter(|property| property.1 & (HIDDEN | PROTECTED) == 0).map(|property| property.0).collect())
    }
}

/// Setting.
impl Context<'_> {
    fn heap(&mut self) -> &mut Heap {
        &mut self.process.heap
    }

    /// Gives a property a value. A prototype object that does not have it gets it.
    #[inline(never)]
    pub fn set_property(
        &mut self,
        value: Value,
        object: Value,
        name: TextId,
        site: Option<SiteId>,
        who: Who,
    ) -> Result<(), Stop> {
        let program = self.program;
        let site = site.map(|site| program.site(site));
        let Some(open) = PrototypeObject::of(object) else {
            return self.set_field(value, object, name, site).map_err(Stop::from);
        };
        let header = open.object().header();
        let known = site.and_then(|site| site.find(header)).and_then(|fact| match fact.how() {
            How::Own => Some(Place::Own(fact.slot())),
            How::Spill => Some(Place::Spill(fact.slot())),
            _ => None,
        });
        if let Some(place) = known {
            open.set(self.heap(), place, value);
            return Ok(());
        }
        if open.add_at_a_glance(self.heap(), program, name, value)? {
            return Ok(());
        }
        let Some((place, access)) = open.find(program, name) else {
            return open.add(self.heap(), program, name, 0, value);
        };
        if !who.may_write(access) {
            return Err(Trap::PropertyDenied.into());
        }
        let fact = match place {
            Place::Own(slot) => Some(Fact::new(header.layout(), How::Own, slot as u16)),
            Place::Spill(slot) => Some(Fact::new(header.layout(), How::Spill, slot as u16)),
            Place::Entry(_) => None,
        };
        if let (Some(site), Some(fact)) = (site, fact) {
            site.learn(fact);
        }
        open.set(self.heap(), place, value);
        Ok(())
    }

    /// Sets a field of an instance by name.
    fn set_field(&mut self, value: Value, object: Value, name: TextId, site: Option<&Site>) -> Result<(), Trap> {
        let instance = Instance::of(object).ok_or(Trap::NotAnObject)?;
        let fact = self.member_fact(instance.class_id(), name);
        if fact.how() != How::Own || !instance.set(self.heap(), fact.slot(), value) {
            return Err(Trap::NoSuchProperty);
        }
        if let Some(site) = site {
            site.learn(fact);
        }
        Ok(())
    }

    /// Makes a property what is said: its value, and what may be done with it.
    #[inline(never)]
    pub fn define_property(&mut self, value: Value, object: Value, name: TextId, access: u16) -> Result<(), Stop> {
        let program = self.program;
        let Some(open) = PrototypeObject::of(object) else {
            let known = self.property_access(object, name)?;
            let same = known == Some(access | FIXED);
            return if same { self.set_field(value, object, name, None).map_err(Stop::from) } else { Err(denied()) };
        };
        let Some((place, before)) = open.find(program, name) else {
            return open.add(self.heap(), program, name, access, value);
        };
        if before & FIXED != 0 && (before != access || before & READONLY != 0) {
            return Err(denied());
        }
        if before == access {
            open.set(self.heap(), place, value);
            return Ok(());
        }
        open.set_access(self.heap(), program, name, access)?;
        // The object may be a dictionary since.
        let (place, _) = open.find(program, name).expect("it has been there all the time");
        open.set(self.heap(), place, value);
        Ok(())
    }

    /// Takes a property away; says whether that could be done, and there was one.
    #[inline(never)]
    pub fn delete_property(&mut self, object: Value, name: TextId) -> Result<bool, Stop> {
        let program = self.program;
        match PrototypeObject::of(object) {
            Some(open) if open.find(program, name).is_some_and(|found| found.1 & FIXED == 0) => {
                open.remove(self.heap(), program, name)
            }
            Some(_) => Ok(false),
            None => object.as_object().map(|_| false).ok_or(Trap::NotAnObject.into()),
        }
    }
}

/// What becomes of properties of a proxy. Its handler has no say yet: a proxy has none.
fn proxy_hook() -> Trap {
    Trap::NotAnObject
}

fn denied() -> Stop {
    Trap::PropertyDenied.into()
}
