//! Calls whose callee is found by what registers hold: functions as values, methods by slot and by name, methods that
//! instructions call on their own. All are made from the roles in the table.

use super::body::Body;
use super::guess::{Guess, INSTANCES, WITH_PROPERTIES, wanted};
use super::world::{MAX_VALUES, of_values};
use arbitrary::Result;
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::{Effect, Kind};
use regatta_ir::{Opcode, Type};
use std::sync::LazyLock;

/// The calls that name no callee.
static CALLS: LazyLock<Vec<Opcode>> = LazyLock::new(|| {
    let names_one = |role| matches!(role, Role::Func | Role::Native | Role::Src(Class::Of(Type::I32)));
    let calls = Opcode::ALL.iter().copied().filter(|op| {
        let info = op.info();
        matches!(info.kind, Kind::control | Kind::magic)
            && info.effects.contains(&Effect::Calls)
            && !info.operands.iter().any(|operand| names_one(operand.role))
    });
    calls.collect()
});

impl Body<'_, '_> {
    /// A call of something that the program finds out.
    pub(super) fn call_dynamic(&mut self) -> Result<()> {
        let op = *self.u.choose(&CALLS)?;
        let info = op.info();
        if info.ends() && (*self.signature.results != [Type::Val] || self.u.ratio(7, 8)?) {
            return self.plain();
        }
        let (mut args, mut takes) = ([0; 4], 1 + self.u.choose_index(2)?);
        for (n, operand) in info.operands.iter().enumerate() {
            args[n] = match operand.role {
                Role::Src(_) => {
                    let register = self.value(wanted(info, operand.name), n)?;
                    if let (Guess::Callable(count) | Guess::Closure(count), "callee") =
                        (self.guess(register), operand.name)
                    {
                        takes = count;
                    }
                    register.into()
                }
                Role::Index => {
                    let slot = self.small(operand.role, operand.bits)?;
                    takes = if slot < 2 { 1 + slot as usize } else { takes };
                    slot
                }
                Role::Atom => {
                    let name = self.name()?;
                    takes = self.world.declared.takes(name).unwrap_or(takes);
                    name as u64
                }
                _ => 0,
            };
        }
        self.enter(op, args, takes)
    }

    /// The call, in a window for so many arguments. One that makes its own arguments needs room for them only.
    fn enter(&mut self, op: Opcode, mut args: [u64; 4], takes: usize) -> Result<()> {
        let operands = op.info().operands;
        let place = |role| operands.iter().position(|operand| operand.role == role);
        let sig = place(Role::Sig);
        let on_receiver = sig.is_some() && (place(Role::Index).is_some() || place(Role::Atom).is_some());
        let fits = sig.is_some() && self.u.ratio(31, 32)?;
        let signature = of_values(if fits { takes.clamp(on_receiver.into(), MAX_VALUES) } else { MAX_VALUES });
        let window = match sig {
            Some(sig) => {
                args[sig] = self.world.sig(&signature);
                let receiver = if place(Role::Index).is_some() { INSTANCES } else { WITH_PROPERTIES };
                self.window(&signature, &[receiver][..usize::from(on_receiver)])?
            }
            None => self.window_of(&signature),
        };
        args[place(Role::Window).expect("a call has a window")] = window.into();
        self.code.op(op, &args[..operands.len()]);
        match op.info().ends() {
            true => self.state.live = false,
            false => self.after_call(window, &signature),
        }
        Ok(())
    }

    /// A name: mostly of something called.
    fn name(&mut self) -> Result<usize> {
        let called = self.u.ratio(3, 4)?;
        let declared = &self.world.declared;
        let below = if called { declared.called() } else { declared.texts.len() };
        // The first names are those that all classes have.
        if called && self.u.ratio(1, 2)? { self.u.choose_index(2) } else { self.u.choose_index(below) }
    }
}
