//! The op table: every instruction, once.
//!
//! A row is a doc comment, a kind, the mnemonic, the type name, the semantic function it means (fused forms share the
//! function of their plain form) and its operands by role, with effects at the end:
//!
//! ```text
//! /// `dst = a + b`, wrapping.
//! [value] i32_add = I32Add(i32_add) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
//! ```
//!
//! The kind says how an engine reaches the meaning, so that engines derive their handlers from the table:
//!
//! | kind | the semantic function | the engine |
//! |---|---|---|
//! | `value` | `f(sources) -> value` or `Result<value, Trap>` | writes `dst` |
//! | `update` | `f(x, sources) -> value` | writes `x` |
//! | `load`, `store` | `f(memory, sources) -> Result` | writes `dst`, if there is one |
//! | `load_update` | `f(memory, x, sources) -> Result` | writes `x` |
//! | `load_step` | `f(memory, addr, sources) -> Result<(value, addr)>` | writes `dst` and `addr` |
//! | `load_branch` | `f(memory, sources) -> Result<bool>` | goes forward on true |
//! | `process`, `process_store` | `f(process, sources) -> value` | writes `dst`, if there is one |
//! | `object`, `object_store` | `f(context, sources) -> Result` | writes `dst`, if there is one |
//! | `object_update` | `f(context, x, sources) -> Result` | writes `x` |
//! | `make` | `f(context, run, sources) -> Result` | writes `dst`; hands over a run of registers |
//! | `branch` | `f(sources) -> bool` | goes forward on true |
//! | `skip` | `f(x, sources) -> (x, bool)` | writes `x`, goes forward on true |
//! | `object_branch` | `f(context, sources) -> Result<bool>` | goes forward on true |
//! | `unmatched` | `f(context, value, pattern, run) -> Result<bool>` | goes forward on true; else the pattern's registers are written |
//! | `latch` | `f(sources) -> bool` | takes one unit of fuel first, goes back on true |
//! | `step` | `f(i, sources) -> (i, bool)` | as `latch`, and writes `i` |
//! | `give` | `f(context, sources) -> Result` | returns that, which has the type of the first operand |
//! | `guard` | `f(sources) -> bool`, without the first | on true, returns the first operand |
//! | `magic` | `f(context, sources) -> Result<Magic>` | takes one unit of fuel first, writes `window` or enters a method there |
//! | `control` | none: moves between frames | has a handler of its own |
//!
//! An instruction is one 64-bit word: op number in bits 0-15, then operands in order, each aligned to its width; what
//! does not fit goes to a second word. Order of rows is not meaningful beyond the numbers it gives.

/// Hands the whole table to the macro named, as `mac! { rows }` or `mac! { {extra} rows }`.
#[macro_export]
macro_rules! for_each_op {
    ($mac:ident $({ $($extra:tt)* })?) => { $mac! { $({ $($extra)* })?
        // Constants and moves
        /// `dst = value`.
        [value] i32_const = I32Const(i32_const) { dst: Dst<I32>, value: Imm32<I32> };
        /// `dst = value`, sign-extended from 32 bits.
        [value] i64_const = I64Const(i64_const) { dst: Dst<I64>, value: Imm32<I64> };
        /// `dst = value`, all 64 bits in a second word.
        [value] i64_const_wide = I64ConstWide(i64_const) { dst: Dst<I64>, value: Wide<I64> };
        /// `dst = value`.
        [value] f32_const = F32Const(f32_const) { dst: Dst<F32>, value: Imm32<F32> };
        /// `dst = value`, in a second word.
        [value] f64_const = F64Const(f64_const) { dst: Dst<F64>, value: Wide<F64> };
        /// `dst =` the id of `func`, to be called through [`CallIndirect`].
        [value] func_const = FuncConst(func_const) { dst: Dst<I32>, func: FuncRef };
        /// `dst = src`; both registers have the same type.
        [value] mov = Mov(mov) { dst: Dst<Any>, src: Src<Any> };
        /// `x = a` when `cond` is not zero, else `x` stays; `x` and `a` have the same type.
        [update] select = Select(select) { x: InOut<Any>, a: Src<Any>, cond: Src<I32> };

        // Arithmetic on i32
        /// `dst = a + b`, wrapping.
        [value] i32_add = I32Add(i32_add) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a - b`, wrapping.
        [value] i32_sub = I32Sub(i32_sub) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a * b`, wrapping.
        [value] i32_mul = I32Mul(i32_mul) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a / b`, signed, towards zero; traps on `b == 0` and on overflow.
        [value] i32_div_s = I32DivS(i32_div_s) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> } [Traps];
        /// `dst = a / b`, unsigned; traps on `b == 0`.
        [value] i32_div_u = I32DivU(i32_div_u) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> } [Traps];
        /// `dst = a % b`, signed, sign of `a`; traps on `b == 0`.
        [value] i32_rem_s = I32RemS(i32_rem_s) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> } [Traps];
        /// `dst = a % b`, unsigned; traps on `b == 0`.
        [value] i32_rem_u = I32RemU(i32_rem_u) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> } [Traps];
        /// `dst = a & b`.
        [value] i32_and = I32And(i32_and) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a | b`.
        [value] i32_or = I32Or(i32_or) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a ^ b`.
        [value] i32_xor = I32Xor(i32_xor) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a << (b mod 32)`.
        [value] i32_shl = I32Shl(i32_shl) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a >> (b mod 32)`, copies of the sign move in.
        [value] i32_shr_s = I32ShrS(i32_shr_s) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a >> (b mod 32)`, zeros move in.
        [value] i32_shr_u = I32ShrU(i32_shr_u) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `a` rotated left by `b mod 32`.
        [value] i32_rotl = I32Rotl(i32_rotl) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `a` rotated right by `b mod 32`.
        [value] i32_rotr = I32Rotr(i32_rotr) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// Number of leading zero bits of `a`.
        [value] i32_clz = I32Clz(i32_clz) { dst: Dst<I32>, a: Src<I32> };
        /// Number of trailing zero bits of `a`.
        [value] i32_ctz = I32Ctz(i32_ctz) { dst: Dst<I32>, a: Src<I32> };
        /// Number of one bits in `a`.
        [value] i32_popcnt = I32Popcnt(i32_popcnt) { dst: Dst<I32>, a: Src<I32> };

        // The same with an immediate, sign-extended from 16 bits
        /// `dst = a + b`, wrapping.
        [value] i32_add_imm = I32AddImm(i32_add) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a + b + c`, wrapping; the immediate is in a second word.
        [value] i32_add_plus_imm = I32AddPlusImm(i32_add_plus) { dst: Dst<I32>, a: Src<I32>, b: Src<I32>, c: Imm16<I32> };
        /// `dst = a * b`, wrapping.
        [value] i32_mul_imm = I32MulImm(i32_mul) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = b - a`, wrapping: the immediate comes first.
        [value] i32_rsub_imm = I32RsubImm(i32_rsub) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a / b`, signed; traps as `div_s`.
        [value] i32_div_s_imm = I32DivSImm(i32_div_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> } [Traps];
        /// `dst = a / b`, unsigned; traps as `div_u`.
        [value] i32_div_u_imm = I32DivUImm(i32_div_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> } [Traps];
        /// `dst = a % b`, signed; traps as `rem_s`.
        [value] i32_rem_s_imm = I32RemSImm(i32_rem_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> } [Traps];
        /// `dst = a % b`, unsigned; traps as `rem_u`.
        [value] i32_rem_u_imm = I32RemUImm(i32_rem_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> } [Traps];
        /// `dst = a & b`.
        [value] i32_and_imm = I32AndImm(i32_and) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a | b`.
        [value] i32_or_imm = I32OrImm(i32_or) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a ^ b`.
        [value] i32_xor_imm = I32XorImm(i32_xor) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a << (b mod 32)`.
        [value] i32_shl_imm = I32ShlImm(i32_shl) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a >> (b mod 32)`, signed.
        [value] i32_shr_s_imm = I32ShrSImm(i32_shr_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a >> (b mod 32)`, unsigned.
        [value] i32_shr_u_imm = I32ShrUImm(i32_shr_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `a` rotated left by `b mod 32`.
        [value] i32_rotl_imm = I32RotlImm(i32_rotl) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };

        // Comparisons of i32: `dst` is 1 or 0
        /// `dst = a == b`.
        [value] i32_eq = I32Eq(i32_eq) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a != b`.
        [value] i32_ne = I32Ne(i32_ne) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a < b`, signed.
        [value] i32_lt_s = I32LtS(i32_lt_s) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a < b`, unsigned.
        [value] i32_lt_u = I32LtU(i32_lt_u) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a <= b`, signed.
        [value] i32_le_s = I32LeS(i32_le_s) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a <= b`, unsigned.
        [value] i32_le_u = I32LeU(i32_le_u) { dst: Dst<I32>, a: Src<I32>, b: Src<I32> };
        /// `dst = a == b`.
        [value] i32_eq_imm = I32EqImm(i32_eq) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a != b`.
        [value] i32_ne_imm = I32NeImm(i32_ne) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a < b`, signed.
        [value] i32_lt_s_imm = I32LtSImm(i32_lt_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a < b`, unsigned.
        [value] i32_lt_u_imm = I32LtUImm(i32_lt_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a <= b`, signed.
        [value] i32_le_s_imm = I32LeSImm(i32_le_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a <= b`, unsigned.
        [value] i32_le_u_imm = I32LeUImm(i32_le_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a > b`, signed.
        [value] i32_gt_s_imm = I32GtSImm(i32_gt_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a > b`, unsigned.
        [value] i32_gt_u_imm = I32GtUImm(i32_gt_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a >= b`, signed.
        [value] i32_ge_s_imm = I32GeSImm(i32_ge_s) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };
        /// `dst = a >= b`, unsigned.
        [value] i32_ge_u_imm = I32GeUImm(i32_ge_u) { dst: Dst<I32>, a: Src<I32>, b: Imm16<I32> };

        // Compare i32 and branch: forward as `br_`, backward (a latch) as `loop_`
        /// Continue at `to` when `a == b`.
        [branch] br_i32_eq = BrI32Eq(i32_eq) { a: Src<I32>, b: Src<I32>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_i32_ne = BrI32Ne(i32_ne) { a: Src<I32>, b: Src<I32>, to: Forward16 };
        /// Continue at `to` when `a < b`, signed.
        [branch] br_i32_lt_s = BrI32LtS(i32_lt_s) { a: Src<I32>, b: Src<I32>, to: Forward16 };
        /// Continue at `to` when `a < b`, unsigned.
        [branch] br_i32_lt_u = BrI32LtU(i32_lt_u) { a: Src<I32>, b: Src<I32>, to: Forward16 };
        /// Continue at `to` when `a <= b`, signed.
        [branch] br_i32_le_s = BrI32LeS(i32_le_s) { a: Src<I32>, b: Src<I32>, to: Forward16 };
        /// Continue at `to` when `a <= b`, unsigned.
        [branch] br_i32_le_u = BrI32LeU(i32_le_u) { a: Src<I32>, b: Src<I32>, to: Forward16 };
        /// Continue at `to` when `a == b`.
        [branch] br_i32_eq_imm = BrI32EqImm(i32_eq) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_i32_ne_imm = BrI32NeImm(i32_ne) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a < b`, signed.
        [branch] br_i32_lt_s_imm = BrI32LtSImm(i32_lt_s) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a < b`, unsigned.
        [branch] br_i32_lt_u_imm = BrI32LtUImm(i32_lt_u) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a <= b`, signed.
        [branch] br_i32_le_s_imm = BrI32LeSImm(i32_le_s) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a <= b`, unsigned.
        [branch] br_i32_le_u_imm = BrI32LeUImm(i32_le_u) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a > b`, signed.
        [branch] br_i32_gt_s_imm = BrI32GtSImm(i32_gt_s) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a > b`, unsigned.
        [branch] br_i32_gt_u_imm = BrI32GtUImm(i32_gt_u) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a >= b`, signed.
        [branch] br_i32_ge_s_imm = BrI32GeSImm(i32_ge_s) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a >= b`, unsigned.
        [branch] br_i32_ge_u_imm = BrI32GeUImm(i32_ge_u) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a & b` is not zero.
        [branch] br_i32_any_imm = BrI32AnyImm(i32_any) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a & b` is zero.
        [branch] br_i32_none_imm = BrI32NoneImm(i32_none) { a: Src<I32>, b: Imm16<I32>, to: Forward16 };
        /// Go back to `to` when `a == b`.
        [latch] loop_i32_eq = LoopI32Eq(i32_eq) { a: Src<I32>, b: Src<I32>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_i32_ne = LoopI32Ne(i32_ne) { a: Src<I32>, b: Src<I32>, to: Back16 };
        /// Go back to `to` when `a < b`, signed.
        [latch] loop_i32_lt_s = LoopI32LtS(i32_lt_s) { a: Src<I32>, b: Src<I32>, to: Back16 };
        /// Go back to `to` when `a < b`, unsigned.
        [latch] loop_i32_lt_u = LoopI32LtU(i32_lt_u) { a: Src<I32>, b: Src<I32>, to: Back16 };
        /// Go back to `to` when `a <= b`, signed.
        [latch] loop_i32_le_s = LoopI32LeS(i32_le_s) { a: Src<I32>, b: Src<I32>, to: Back16 };
        /// Go back to `to` when `a <= b`, unsigned.
        [latch] loop_i32_le_u = LoopI32LeU(i32_le_u) { a: Src<I32>, b: Src<I32>, to: Back16 };
        /// Go back to `to` when `a == b`.
        [latch] loop_i32_eq_imm = LoopI32EqImm(i32_eq) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_i32_ne_imm = LoopI32NeImm(i32_ne) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a < b`, signed.
        [latch] loop_i32_lt_s_imm = LoopI32LtSImm(i32_lt_s) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a < b`, unsigned.
        [latch] loop_i32_lt_u_imm = LoopI32LtUImm(i32_lt_u) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a <= b`, signed.
        [latch] loop_i32_le_s_imm = LoopI32LeSImm(i32_le_s) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a <= b`, unsigned.
        [latch] loop_i32_le_u_imm = LoopI32LeUImm(i32_le_u) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a > b`, signed.
        [latch] loop_i32_gt_s_imm = LoopI32GtSImm(i32_gt_s) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a > b`, unsigned.
        [latch] loop_i32_gt_u_imm = LoopI32GtUImm(i32_gt_u) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a >= b`, signed.
        [latch] loop_i32_ge_s_imm = LoopI32GeSImm(i32_ge_s) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a >= b`, unsigned.
        [latch] loop_i32_ge_u_imm = LoopI32GeUImm(i32_ge_u) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a & b` is not zero.
        [latch] loop_i32_any_imm = LoopI32AnyImm(i32_any) { a: Src<I32>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a & b` is zero.
        [latch] loop_i32_none_imm = LoopI32NoneImm(i32_none) { a: Src<I32>, b: Imm16<I32>, to: Back16 };

        // Loop steps on i32: change the counter, compare, go back; all comparisons signed
        /// `i += 1`, then go back when `i < limit`.
        [step] loop_i32_inc_lt = LoopI32IncLt(i32_inc_lt) { i: InOut<I32>, limit: Src<I32>, to: Back16 };
        /// `i += 1`, then go back when `i <= limit`.
        [step] loop_i32_inc_le = LoopI32IncLe(i32_inc_le) { i: InOut<I32>, limit: Src<I32>, to: Back16 };
        /// `i += 1`, then go back when `i < limit`.
        [step] loop_i32_inc_lt_imm = LoopI32IncLtImm(i32_inc_lt) { i: InOut<I32>, limit: Imm16<I32>, to: Back16 };
        /// `i -= 1`, then go back when `i > limit`.
        [step] loop_i32_dec_gt_imm = LoopI32DecGtImm(i32_dec_gt) { i: InOut<I32>, limit: Imm16<I32>, to: Back16 };
        /// `i += step`, then go back when `i < limit`; the target is in a second word.
        [step] loop_i32_add_lt = LoopI32AddLt(i32_add_lt) { i: InOut<I32>, step: Src<I32>, limit: Src<I32>, to: Back32 };
        /// `i += step`, then go back when `i <= limit`; the target is in a second word.
        [step] loop_i32_add_le = LoopI32AddLe(i32_add_le) { i: InOut<I32>, step: Src<I32>, limit: Src<I32>, to: Back32 };

        // The same ahead: change a register, compare, continue; targets are in a second word
        /// `x += step`, then continue at `to` when `x < limit`.
        [skip] br_i32_add_lt = BrI32AddLt(i32_add_lt) { x: InOut<I32>, step: Src<I32>, limit: Src<I32>, to: Forward32 };
        /// `x += step`, then continue at `to` when `x <= limit`.
        [skip] br_i32_add_le = BrI32AddLe(i32_add_le) { x: InOut<I32>, step: Src<I32>, limit: Src<I32>, to: Forward32 };
        /// `x += step`, then continue at `to` when `x < limit`.
        [skip] br_i32_add_lt_imm = BrI32AddLtImm(i32_add_lt) { x: InOut<I32>, step: Imm16<I32>, limit: Imm16<I32>, to: Forward32 };
        /// `x += step`, then continue at `to` when `x <= limit`.
        [skip] br_i32_add_le_imm = BrI32AddLeImm(i32_add_le) { x: InOut<I32>, step: Imm16<I32>, limit: Imm16<I32>, to: Forward32 };

        // Arithmetic on i64
        /// `dst = a + b`, wrapping.
        [value] i64_add = I64Add(i64_add) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a - b`, wrapping.
        [value] i64_sub = I64Sub(i64_sub) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a * b`, wrapping.
        [value] i64_mul = I64Mul(i64_mul) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a / b`, signed, towards zero; traps on `b == 0` and on overflow.
        [value] i64_div_s = I64DivS(i64_div_s) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> } [Traps];
        /// `dst = a / b`, unsigned; traps on `b == 0`.
        [value] i64_div_u = I64DivU(i64_div_u) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> } [Traps];
        /// `dst = a % b`, signed, sign of `a`; traps on `b == 0`.
        [value] i64_rem_s = I64RemS(i64_rem_s) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> } [Traps];
        /// `dst = a % b`, unsigned; traps on `b == 0`.
        [value] i64_rem_u = I64RemU(i64_rem_u) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> } [Traps];
        /// `dst = a & b`.
        [value] i64_and = I64And(i64_and) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a | b`.
        [value] i64_or = I64Or(i64_or) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a ^ b`.
        [value] i64_xor = I64Xor(i64_xor) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a << (b mod 64)`.
        [value] i64_shl = I64Shl(i64_shl) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a >> (b mod 64)`, copies of the sign move in.
        [value] i64_shr_s = I64ShrS(i64_shr_s) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `dst = a >> (b mod 64)`, zeros move in.
        [value] i64_shr_u = I64ShrU(i64_shr_u) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `a` rotated left by `b mod 64`.
        [value] i64_rotl = I64Rotl(i64_rotl) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// `a` rotated right by `b mod 64`.
        [value] i64_rotr = I64Rotr(i64_rotr) { dst: Dst<I64>, a: Src<I64>, b: Src<I64> };
        /// Number of leading zero bits of `a`.
        [value] i64_clz = I64Clz(i64_clz) { dst: Dst<I64>, a: Src<I64> };
        /// Number of trailing zero bits of `a`.
        [value] i64_ctz = I64Ctz(i64_ctz) { dst: Dst<I64>, a: Src<I64> };
        /// Number of one bits in `a`.
        [value] i64_popcnt = I64Popcnt(i64_popcnt) { dst: Dst<I64>, a: Src<I64> };

        // The same with an immediate, sign-extended from 16 bits
        /// `dst = a + b`, wrapping.
        [value] i64_add_imm = I64AddImm(i64_add) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a * b`, wrapping.
        [value] i64_mul_imm = I64MulImm(i64_mul) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a * b + c`, wrapping; the last immediate is in a second word.
        [value] i64_mul_plus_imm = I64MulPlusImm(i64_mul_plus) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64>, c: Imm16<I64> };
        /// `dst = b - a`, wrapping: the immediate comes first.
        [value] i64_rsub_imm = I64RsubImm(i64_rsub) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a / b`, signed; traps as `div_s`.
        [value] i64_div_s_imm = I64DivSImm(i64_div_s) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> } [Traps];
        /// `dst = a / b`, unsigned; traps as `div_u`.
        [value] i64_div_u_imm = I64DivUImm(i64_div_u) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> } [Traps];
        /// `dst = a % b`, signed; traps as `rem_s`.
        [value] i64_rem_s_imm = I64RemSImm(i64_rem_s) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> } [Traps];
        /// `dst = a % b`, unsigned; traps as `rem_u`.
        [value] i64_rem_u_imm = I64RemUImm(i64_rem_u) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> } [Traps];
        /// `dst = a & b`.
        [value] i64_and_imm = I64AndImm(i64_and) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a | b`.
        [value] i64_or_imm = I64OrImm(i64_or) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a ^ b`.
        [value] i64_xor_imm = I64XorImm(i64_xor) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a << (b mod 64)`.
        [value] i64_shl_imm = I64ShlImm(i64_shl) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a >> (b mod 64)`, signed.
        [value] i64_shr_s_imm = I64ShrSImm(i64_shr_s) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a >> (b mod 64)`, unsigned.
        [value] i64_shr_u_imm = I64ShrUImm(i64_shr_u) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };
        /// `a` rotated left by `b mod 64`.
        [value] i64_rotl_imm = I64RotlImm(i64_rotl) { dst: Dst<I64>, a: Src<I64>, b: Imm16<I64> };

        // Comparisons of i64: `dst` is 1 or 0
        /// `dst = a == b`.
        [value] i64_eq = I64Eq(i64_eq) { dst: Dst<I32>, a: Src<I64>, b: Src<I64> };
        /// `dst = a != b`.
        [value] i64_ne = I64Ne(i64_ne) { dst: Dst<I32>, a: Src<I64>, b: Src<I64> };
        /// `dst = a < b`, signed.
        [value] i64_lt_s = I64LtS(i64_lt_s) { dst: Dst<I32>, a: Src<I64>, b: Src<I64> };
        /// `dst = a < b`, unsigned.
        [value] i64_lt_u = I64LtU(i64_lt_u) { dst: Dst<I32>, a: Src<I64>, b: Src<I64> };
        /// `dst = a <= b`, signed.
        [value] i64_le_s = I64LeS(i64_le_s) { dst: Dst<I32>, a: Src<I64>, b: Src<I64> };
        /// `dst = a <= b`, unsigned.
        [value] i64_le_u = I64LeU(i64_le_u) { dst: Dst<I32>, a: Src<I64>, b: Src<I64> };
        /// `dst = a == b`.
        [value] i64_eq_imm = I64EqImm(i64_eq) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a != b`.
        [value] i64_ne_imm = I64NeImm(i64_ne) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a < b`, signed.
        [value] i64_lt_s_imm = I64LtSImm(i64_lt_s) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a < b`, unsigned.
        [value] i64_lt_u_imm = I64LtUImm(i64_lt_u) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a <= b`, signed.
        [value] i64_le_s_imm = I64LeSImm(i64_le_s) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a <= b`, unsigned.
        [value] i64_le_u_imm = I64LeUImm(i64_le_u) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a > b`, signed.
        [value] i64_gt_s_imm = I64GtSImm(i64_gt_s) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a > b`, unsigned.
        [value] i64_gt_u_imm = I64GtUImm(i64_gt_u) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a >= b`, signed.
        [value] i64_ge_s_imm = I64GeSImm(i64_ge_s) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };
        /// `dst = a >= b`, unsigned.
        [value] i64_ge_u_imm = I64GeUImm(i64_ge_u) { dst: Dst<I32>, a: Src<I64>, b: Imm16<I64> };

        // Compare i64 and branch: forward as `br_`, backward (a latch) as `loop_`
        /// Continue at `to` when `a == b`.
        [branch] br_i64_eq = BrI64Eq(i64_eq) { a: Src<I64>, b: Src<I64>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_i64_ne = BrI64Ne(i64_ne) { a: Src<I64>, b: Src<I64>, to: Forward16 };
        /// Continue at `to` when `a < b`, signed.
        [branch] br_i64_lt_s = BrI64LtS(i64_lt_s) { a: Src<I64>, b: Src<I64>, to: Forward16 };
        /// Continue at `to` when `a < b`, unsigned.
        [branch] br_i64_lt_u = BrI64LtU(i64_lt_u) { a: Src<I64>, b: Src<I64>, to: Forward16 };
        /// Continue at `to` when `a <= b`, signed.
        [branch] br_i64_le_s = BrI64LeS(i64_le_s) { a: Src<I64>, b: Src<I64>, to: Forward16 };
        /// Continue at `to` when `a <= b`, unsigned.
        [branch] br_i64_le_u = BrI64LeU(i64_le_u) { a: Src<I64>, b: Src<I64>, to: Forward16 };
        /// Continue at `to` when `a == b`.
        [branch] br_i64_eq_imm = BrI64EqImm(i64_eq) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_i64_ne_imm = BrI64NeImm(i64_ne) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a < b`, signed.
        [branch] br_i64_lt_s_imm = BrI64LtSImm(i64_lt_s) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a < b`, unsigned.
        [branch] br_i64_lt_u_imm = BrI64LtUImm(i64_lt_u) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a <= b`, signed.
        [branch] br_i64_le_s_imm = BrI64LeSImm(i64_le_s) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a <= b`, unsigned.
        [branch] br_i64_le_u_imm = BrI64LeUImm(i64_le_u) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a > b`, signed.
        [branch] br_i64_gt_s_imm = BrI64GtSImm(i64_gt_s) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a > b`, unsigned.
        [branch] br_i64_gt_u_imm = BrI64GtUImm(i64_gt_u) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a >= b`, signed.
        [branch] br_i64_ge_s_imm = BrI64GeSImm(i64_ge_s) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a >= b`, unsigned.
        [branch] br_i64_ge_u_imm = BrI64GeUImm(i64_ge_u) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a & b` is not zero.
        [branch] br_i64_any_imm = BrI64AnyImm(i64_any) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Continue at `to` when `a & b` is zero.
        [branch] br_i64_none_imm = BrI64NoneImm(i64_none) { a: Src<I64>, b: Imm16<I64>, to: Forward16 };
        /// Go back to `to` when `a == b`.
        [latch] loop_i64_eq = LoopI64Eq(i64_eq) { a: Src<I64>, b: Src<I64>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_i64_ne = LoopI64Ne(i64_ne) { a: Src<I64>, b: Src<I64>, to: Back16 };
        /// Go back to `to` when `a < b`, signed.
        [latch] loop_i64_lt_s = LoopI64LtS(i64_lt_s) { a: Src<I64>, b: Src<I64>, to: Back16 };
        /// Go back to `to` when `a < b`, unsigned.
        [latch] loop_i64_lt_u = LoopI64LtU(i64_lt_u) { a: Src<I64>, b: Src<I64>, to: Back16 };
        /// Go back to `to` when `a <= b`, signed.
        [latch] loop_i64_le_s = LoopI64LeS(i64_le_s) { a: Src<I64>, b: Src<I64>, to: Back16 };
        /// Go back to `to` when `a <= b`, unsigned.
        [latch] loop_i64_le_u = LoopI64LeU(i64_le_u) { a: Src<I64>, b: Src<I64>, to: Back16 };
        /// Go back to `to` when `a == b`.
        [latch] loop_i64_eq_imm = LoopI64EqImm(i64_eq) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_i64_ne_imm = LoopI64NeImm(i64_ne) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a < b`, signed.
        [latch] loop_i64_lt_s_imm = LoopI64LtSImm(i64_lt_s) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a < b`, unsigned.
        [latch] loop_i64_lt_u_imm = LoopI64LtUImm(i64_lt_u) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a <= b`, signed.
        [latch] loop_i64_le_s_imm = LoopI64LeSImm(i64_le_s) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a <= b`, unsigned.
        [latch] loop_i64_le_u_imm = LoopI64LeUImm(i64_le_u) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a > b`, signed.
        [latch] loop_i64_gt_s_imm = LoopI64GtSImm(i64_gt_s) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a > b`, unsigned.
        [latch] loop_i64_gt_u_imm = LoopI64GtUImm(i64_gt_u) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a >= b`, signed.
        [latch] loop_i64_ge_s_imm = LoopI64GeSImm(i64_ge_s) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a >= b`, unsigned.
        [latch] loop_i64_ge_u_imm = LoopI64GeUImm(i64_ge_u) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a & b` is not zero.
        [latch] loop_i64_any_imm = LoopI64AnyImm(i64_any) { a: Src<I64>, b: Imm16<I64>, to: Back16 };
        /// Go back to `to` when `a & b` is zero.
        [latch] loop_i64_none_imm = LoopI64NoneImm(i64_none) { a: Src<I64>, b: Imm16<I64>, to: Back16 };

        // Loop steps on i64: change the counter, compare, go back; all comparisons signed
        /// `i += 1`, then go back when `i < limit`.
        [step] loop_i64_inc_lt = LoopI64IncLt(i64_inc_lt) { i: InOut<I64>, limit: Src<I64>, to: Back16 };
        /// `i += 1`, then go back when `i <= limit`.
        [step] loop_i64_inc_le = LoopI64IncLe(i64_inc_le) { i: InOut<I64>, limit: Src<I64>, to: Back16 };
        /// `i += 1`, then go back when `i < limit`.
        [step] loop_i64_inc_lt_imm = LoopI64IncLtImm(i64_inc_lt) { i: InOut<I64>, limit: Imm16<I64>, to: Back16 };
        /// `i -= 1`, then go back when `i > limit`.
        [step] loop_i64_dec_gt_imm = LoopI64DecGtImm(i64_dec_gt) { i: InOut<I64>, limit: Imm16<I64>, to: Back16 };
        /// `i += step`, then go back when `i < limit`; the target is in a second word.
        [step] loop_i64_add_lt = LoopI64AddLt(i64_add_lt) { i: InOut<I64>, step: Src<I64>, limit: Src<I64>, to: Back32 };
        /// `i += step`, then go back when `i <= limit`; the target is in a second word.
        [step] loop_i64_add_le = LoopI64AddLe(i64_add_le) { i: InOut<I64>, step: Src<I64>, limit: Src<I64>, to: Back32 };
        /// `i += 1`, then go back when `a != b`: counts the turns of a loop that ends for another reason; the target is in a second word.
        [step] loop_i64_count_ne_imm = LoopI64CountNeImm(i64_count_ne) { i: InOut<I64>, a: Src<I64>, b: Imm16<I64>, to: Back32 };

        // Arithmetic on f32 (IEEE 754, round to nearest even)
        /// `dst = a + b`.
        [value] f32_add = F32Add(f32_add) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// `dst = a - b`.
        [value] f32_sub = F32Sub(f32_sub) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// `dst = a * b`.
        [value] f32_mul = F32Mul(f32_mul) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// `dst = a / b`.
        [value] f32_div = F32Div(f32_div) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// The smaller; NaN if either is NaN; `-0 < +0`.
        [value] f32_min = F32Min(f32_min) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// The larger; NaN if either is NaN; `-0 < +0`.
        [value] f32_max = F32Max(f32_max) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// The size of `a` with the sign of `b`.
        [value] f32_copysign = F32Copysign(f32_copysign) { dst: Dst<F32>, a: Src<F32>, b: Src<F32> };
        /// `a` without its sign.
        [value] f32_abs = F32Abs(f32_abs) { dst: Dst<F32>, a: Src<F32> };
        /// `a` with the other sign.
        [value] f32_neg = F32Neg(f32_neg) { dst: Dst<F32>, a: Src<F32> };
        /// Square root; NaN below zero.
        [value] f32_sqrt = F32Sqrt(f32_sqrt) { dst: Dst<F32>, a: Src<F32> };
        /// Largest whole number not above `a`.
        [value] f32_floor = F32Floor(f32_floor) { dst: Dst<F32>, a: Src<F32> };
        /// Smallest whole number not below `a`.
        [value] f32_ceil = F32Ceil(f32_ceil) { dst: Dst<F32>, a: Src<F32> };
        /// `a` without its fraction.
        [value] f32_trunc = F32Trunc(f32_trunc) { dst: Dst<F32>, a: Src<F32> };
        /// Nearest whole number, ties to even.
        [value] f32_nearest = F32Nearest(f32_nearest) { dst: Dst<F32>, a: Src<F32> };
        /// `x = x + a * b`, rounded after each step (not a fused multiply-add).
        [update] f32_mul_add = F32MulAdd(f32_mul_add) { x: InOut<F32>, a: Src<F32>, b: Src<F32> };
        /// `x = x - a * b`, rounded after each step.
        [update] f32_mul_sub = F32MulSub(f32_mul_sub) { x: InOut<F32>, a: Src<F32>, b: Src<F32> };

        // Comparisons of f32: every one but `ne` is false when an operand is NaN
        /// `dst = a == b`.
        [value] f32_eq = F32Eq(f32_eq) { dst: Dst<I32>, a: Src<F32>, b: Src<F32> };
        /// `dst = a != b`.
        [value] f32_ne = F32Ne(f32_ne) { dst: Dst<I32>, a: Src<F32>, b: Src<F32> };
        /// `dst = a < b`.
        [value] f32_lt = F32Lt(f32_lt) { dst: Dst<I32>, a: Src<F32>, b: Src<F32> };
        /// `dst = a <= b`.
        [value] f32_le = F32Le(f32_le) { dst: Dst<I32>, a: Src<F32>, b: Src<F32> };
        /// Continue at `to` when `a == b`.
        [branch] br_f32_eq = BrF32Eq(f32_eq) { a: Src<F32>, b: Src<F32>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_f32_ne = BrF32Ne(f32_ne) { a: Src<F32>, b: Src<F32>, to: Forward16 };
        /// Continue at `to` when `a < b`.
        [branch] br_f32_lt = BrF32Lt(f32_lt) { a: Src<F32>, b: Src<F32>, to: Forward16 };
        /// Continue at `to` when `a <= b`.
        [branch] br_f32_le = BrF32Le(f32_le) { a: Src<F32>, b: Src<F32>, to: Forward16 };
        /// Continue at `to` when not `a < b`.
        [branch] br_f32_nlt = BrF32Nlt(f32_nlt) { a: Src<F32>, b: Src<F32>, to: Forward16 };
        /// Continue at `to` when not `a <= b`.
        [branch] br_f32_nle = BrF32Nle(f32_nle) { a: Src<F32>, b: Src<F32>, to: Forward16 };
        /// Go back to `to` when `a == b`.
        [latch] loop_f32_eq = LoopF32Eq(f32_eq) { a: Src<F32>, b: Src<F32>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_f32_ne = LoopF32Ne(f32_ne) { a: Src<F32>, b: Src<F32>, to: Back16 };
        /// Go back to `to` when `a < b`.
        [latch] loop_f32_lt = LoopF32Lt(f32_lt) { a: Src<F32>, b: Src<F32>, to: Back16 };
        /// Go back to `to` when `a <= b`.
        [latch] loop_f32_le = LoopF32Le(f32_le) { a: Src<F32>, b: Src<F32>, to: Back16 };
        /// Go back to `to` when not `a < b`.
        [latch] loop_f32_nlt = LoopF32Nlt(f32_nlt) { a: Src<F32>, b: Src<F32>, to: Back16 };
        /// Go back to `to` when not `a <= b`.
        [latch] loop_f32_nle = LoopF32Nle(f32_nle) { a: Src<F32>, b: Src<F32>, to: Back16 };

        // Arithmetic on f64 (IEEE 754, round to nearest even)
        /// `dst = a + b`.
        [value] f64_add = F64Add(f64_add) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// `dst = a - b`.
        [value] f64_sub = F64Sub(f64_sub) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// `dst = a * b`.
        [value] f64_mul = F64Mul(f64_mul) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// `dst = a / b`.
        [value] f64_div = F64Div(f64_div) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// The smaller; NaN if either is NaN; `-0 < +0`.
        [value] f64_min = F64Min(f64_min) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// The larger; NaN if either is NaN; `-0 < +0`.
        [value] f64_max = F64Max(f64_max) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// The size of `a` with the sign of `b`.
        [value] f64_copysign = F64Copysign(f64_copysign) { dst: Dst<F64>, a: Src<F64>, b: Src<F64> };
        /// `a` without its sign.
        [value] f64_abs = F64Abs(f64_abs) { dst: Dst<F64>, a: Src<F64> };
        /// `a` with the other sign.
        [value] f64_neg = F64Neg(f64_neg) { dst: Dst<F64>, a: Src<F64> };
        /// Square root; NaN below zero.
        [value] f64_sqrt = F64Sqrt(f64_sqrt) { dst: Dst<F64>, a: Src<F64> };
        /// Largest whole number not above `a`.
        [value] f64_floor = F64Floor(f64_floor) { dst: Dst<F64>, a: Src<F64> };
        /// Smallest whole number not below `a`.
        [value] f64_ceil = F64Ceil(f64_ceil) { dst: Dst<F64>, a: Src<F64> };
        /// `a` without its fraction.
        [value] f64_trunc = F64Trunc(f64_trunc) { dst: Dst<F64>, a: Src<F64> };
        /// Nearest whole number, ties to even.
        [value] f64_nearest = F64Nearest(f64_nearest) { dst: Dst<F64>, a: Src<F64> };
        /// `x = x + a * b`, rounded after each step (not a fused multiply-add).
        [update] f64_mul_add = F64MulAdd(f64_mul_add) { x: InOut<F64>, a: Src<F64>, b: Src<F64> };
        /// `x = x - a * b`, rounded after each step.
        [update] f64_mul_sub = F64MulSub(f64_mul_sub) { x: InOut<F64>, a: Src<F64>, b: Src<F64> };
        /// `dst = a * b + c`, rounded after each step; `c` is in a second word.
        [value] f64_mul_plus = F64MulPlus(f64_mul_plus) { dst: Dst<F64>, a: Src<F64>, b: Src<F64>, c: Src<F64> };
        /// `dst = b / a`: the immediate, an integer, comes first.
        [value] f64_rdiv_imm = F64RdivImm(f64_rdiv) { dst: Dst<F64>, a: Src<F64>, b: Imm16<I32> };

        // Comparisons of f64: every one but `ne` is false when an operand is NaN
        /// `dst = a == b`.
        [value] f64_eq = F64Eq(f64_eq) { dst: Dst<I32>, a: Src<F64>, b: Src<F64> };
        /// `dst = a != b`.
        [value] f64_ne = F64Ne(f64_ne) { dst: Dst<I32>, a: Src<F64>, b: Src<F64> };
        /// `dst = a < b`.
        [value] f64_lt = F64Lt(f64_lt) { dst: Dst<I32>, a: Src<F64>, b: Src<F64> };
        /// `dst = a <= b`.
        [value] f64_le = F64Le(f64_le) { dst: Dst<I32>, a: Src<F64>, b: Src<F64> };
        /// Continue at `to` when `a == b`.
        [branch] br_f64_eq = BrF64Eq(f64_eq) { a: Src<F64>, b: Src<F64>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_f64_ne = BrF64Ne(f64_ne) { a: Src<F64>, b: Src<F64>, to: Forward16 };
        /// Continue at `to` when `a < b`.
        [branch] br_f64_lt = BrF64Lt(f64_lt) { a: Src<F64>, b: Src<F64>, to: Forward16 };
        /// Continue at `to` when `a <= b`.
        [branch] br_f64_le = BrF64Le(f64_le) { a: Src<F64>, b: Src<F64>, to: Forward16 };
        /// Continue at `to` when not `a < b`.
        [branch] br_f64_nlt = BrF64Nlt(f64_nlt) { a: Src<F64>, b: Src<F64>, to: Forward16 };
        /// Continue at `to` when not `a <= b`.
        [branch] br_f64_nle = BrF64Nle(f64_nle) { a: Src<F64>, b: Src<F64>, to: Forward16 };
        /// Go back to `to` when `a == b`.
        [latch] loop_f64_eq = LoopF64Eq(f64_eq) { a: Src<F64>, b: Src<F64>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_f64_ne = LoopF64Ne(f64_ne) { a: Src<F64>, b: Src<F64>, to: Back16 };
        /// Go back to `to` when `a < b`.
        [latch] loop_f64_lt = LoopF64Lt(f64_lt) { a: Src<F64>, b: Src<F64>, to: Back16 };
        /// Go back to `to` when `a <= b`.
        [latch] loop_f64_le = LoopF64Le(f64_le) { a: Src<F64>, b: Src<F64>, to: Back16 };
        /// Go back to `to` when not `a < b`.
        [latch] loop_f64_nlt = LoopF64Nlt(f64_nlt) { a: Src<F64>, b: Src<F64>, to: Back16 };
        /// Go back to `to` when not `a <= b`.
        [latch] loop_f64_nle = LoopF64Nle(f64_nle) { a: Src<F64>, b: Src<F64>, to: Back16 };

        // Conversions
        /// The low 32 bits.
        [value] i32_wrap_i64 = I32WrapI64(i32_wrap_i64) { dst: Dst<I32>, a: Src<I64> };
        /// Sign-extended.
        [value] i64_extend_i32_s = I64ExtendI32S(i64_extend_i32_s) { dst: Dst<I64>, a: Src<I32> };
        /// Zero-extended.
        [value] i64_extend_i32_u = I64ExtendI32U(i64_extend_i32_u) { dst: Dst<I64>, a: Src<I32> };
        /// The low 8 bits, sign-extended.
        [value] i32_extend8_s = I32Extend8S(i32_extend8_s) { dst: Dst<I32>, a: Src<I32> };
        /// The low 16 bits, sign-extended.
        [value] i32_extend16_s = I32Extend16S(i32_extend16_s) { dst: Dst<I32>, a: Src<I32> };
        /// The low 8 bits, sign-extended.
        [value] i64_extend8_s = I64Extend8S(i64_extend8_s) { dst: Dst<I64>, a: Src<I64> };
        /// The low 16 bits, sign-extended.
        [value] i64_extend16_s = I64Extend16S(i64_extend16_s) { dst: Dst<I64>, a: Src<I64> };
        /// The low 32 bits, sign-extended.
        [value] i64_extend32_s = I64Extend32S(i64_extend32_s) { dst: Dst<I64>, a: Src<I64> };
        /// Towards zero, signed; traps on NaN and when out of range.
        [value] i32_trunc_f32_s = I32TruncF32S(i32_trunc_f32_s) { dst: Dst<I32>, a: Src<F32> } [Traps];
        /// Towards zero, unsigned; traps on NaN and when out of range.
        [value] i32_trunc_f32_u = I32TruncF32U(i32_trunc_f32_u) { dst: Dst<I32>, a: Src<F32> } [Traps];
        /// Towards zero, signed; traps on NaN and when out of range.
        [value] i32_trunc_f64_s = I32TruncF64S(i32_trunc_f64_s) { dst: Dst<I32>, a: Src<F64> } [Traps];
        /// Towards zero, unsigned; traps on NaN and when out of range.
        [value] i32_trunc_f64_u = I32TruncF64U(i32_trunc_f64_u) { dst: Dst<I32>, a: Src<F64> } [Traps];
        /// Towards zero, signed; traps on NaN and when out of range.
        [value] i64_trunc_f32_s = I64TruncF32S(i64_trunc_f32_s) { dst: Dst<I64>, a: Src<F32> } [Traps];
        /// Towards zero, unsigned; traps on NaN and when out of range.
        [value] i64_trunc_f32_u = I64TruncF32U(i64_trunc_f32_u) { dst: Dst<I64>, a: Src<F32> } [Traps];
        /// Towards zero, signed; traps on NaN and when out of range.
        [value] i64_trunc_f64_s = I64TruncF64S(i64_trunc_f64_s) { dst: Dst<I64>, a: Src<F64> } [Traps];
        /// Towards zero, unsigned; traps on NaN and when out of range.
        [value] i64_trunc_f64_u = I64TruncF64U(i64_trunc_f64_u) { dst: Dst<I64>, a: Src<F64> } [Traps];
        /// Towards zero, signed; NaN gives 0, out of range gives the nearest end.
        [value] i32_trunc_sat_f32_s = I32TruncSatF32S(i32_trunc_sat_f32_s) { dst: Dst<I32>, a: Src<F32> };
        /// Towards zero, unsigned; NaN gives 0, out of range gives the nearest end.
        [value] i32_trunc_sat_f32_u = I32TruncSatF32U(i32_trunc_sat_f32_u) { dst: Dst<I32>, a: Src<F32> };
        /// Towards zero, signed; NaN gives 0, out of range gives the nearest end.
        [value] i32_trunc_sat_f64_s = I32TruncSatF64S(i32_trunc_sat_f64_s) { dst: Dst<I32>, a: Src<F64> };
        /// Towards zero, unsigned; NaN gives 0, out of range gives the nearest end.
        [value] i32_trunc_sat_f64_u = I32TruncSatF64U(i32_trunc_sat_f64_u) { dst: Dst<I32>, a: Src<F64> };
        /// Towards zero, signed; NaN gives 0, out of range gives the nearest end.
        [value] i64_trunc_sat_f32_s = I64TruncSatF32S(i64_trunc_sat_f32_s) { dst: Dst<I64>, a: Src<F32> };
        /// Towards zero, unsigned; NaN gives 0, out of range gives the nearest end.
        [value] i64_trunc_sat_f32_u = I64TruncSatF32U(i64_trunc_sat_f32_u) { dst: Dst<I64>, a: Src<F32> };
        /// Towards zero, signed; NaN gives 0, out of range gives the nearest end.
        [value] i64_trunc_sat_f64_s = I64TruncSatF64S(i64_trunc_sat_f64_s) { dst: Dst<I64>, a: Src<F64> };
        /// Towards zero, unsigned; NaN gives 0, out of range gives the nearest end.
        [value] i64_trunc_sat_f64_u = I64TruncSatF64U(i64_trunc_sat_f64_u) { dst: Dst<I64>, a: Src<F64> };
        /// The nearest f32 to the signed integer.
        [value] f32_convert_i32_s = F32ConvertI32S(f32_convert_i32_s) { dst: Dst<F32>, a: Src<I32> };
        /// The nearest f32 to the unsigned integer.
        [value] f32_convert_i32_u = F32ConvertI32U(f32_convert_i32_u) { dst: Dst<F32>, a: Src<I32> };
        /// The nearest f32 to the signed integer.
        [value] f32_convert_i64_s = F32ConvertI64S(f32_convert_i64_s) { dst: Dst<F32>, a: Src<I64> };
        /// The nearest f32 to the unsigned integer.
        [value] f32_convert_i64_u = F32ConvertI64U(f32_convert_i64_u) { dst: Dst<F32>, a: Src<I64> };
        /// The nearest f64 to the signed integer.
        [value] f64_convert_i32_s = F64ConvertI32S(f64_convert_i32_s) { dst: Dst<F64>, a: Src<I32> };
        /// The nearest f64 to the unsigned integer.
        [value] f64_convert_i32_u = F64ConvertI32U(f64_convert_i32_u) { dst: Dst<F64>, a: Src<I32> };
        /// The nearest f64 to the signed integer.
        [value] f64_convert_i64_s = F64ConvertI64S(f64_convert_i64_s) { dst: Dst<F64>, a: Src<I64> };
        /// The nearest f64 to the unsigned integer.
        [value] f64_convert_i64_u = F64ConvertI64U(f64_convert_i64_u) { dst: Dst<F64>, a: Src<I64> };
        /// Rounded to f32.
        [value] f32_demote_f64 = F32DemoteF64(f32_demote_f64) { dst: Dst<F32>, a: Src<F64> };
        /// The same number as f64.
        [value] f64_promote_f32 = F64PromoteF32(f64_promote_f32) { dst: Dst<F64>, a: Src<F32> };
        /// The bits of `a`; NaN reads as the canonical NaN.
        [value] i32_reinterpret_f32 = I32ReinterpretF32(i32_reinterpret_f32) { dst: Dst<I32>, a: Src<F32> };
        /// The bits of `a`; NaN reads as the canonical NaN.
        [value] i64_reinterpret_f64 = I64ReinterpretF64(i64_reinterpret_f64) { dst: Dst<I64>, a: Src<F64> };
        /// The float with these bits.
        [value] f32_reinterpret_i32 = F32ReinterpretI32(f32_reinterpret_i32) { dst: Dst<F32>, a: Src<I32> };
        /// The float with these bits.
        [value] f64_reinterpret_i64 = F64ReinterpretI64(f64_reinterpret_i64) { dst: Dst<F64>, a: Src<I64> };

        // Linear memory: little-endian, bounds checked exactly; addresses and indexes are unsigned
        /// 4 bytes at `addr + offset`.
        [load] i32_load = I32Load(i32_load) { dst: Dst<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 1 byte at `addr + offset`.
        [load] i32_load8_s = I32Load8S(i32_load8_s) { dst: Dst<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 1 byte at `addr + offset`.
        [load] i32_load8_u = I32Load8U(i32_load8_u) { dst: Dst<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 2 bytes at `addr + offset`.
        [load] i32_load16_s = I32Load16S(i32_load16_s) { dst: Dst<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 2 bytes at `addr + offset`.
        [load] i32_load16_u = I32Load16U(i32_load16_u) { dst: Dst<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 8 bytes at `addr + offset`.
        [load] i64_load = I64Load(i64_load) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 1 byte at `addr + offset`.
        [load] i64_load8_s = I64Load8S(i64_load8_s) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 1 byte at `addr + offset`.
        [load] i64_load8_u = I64Load8U(i64_load8_u) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 2 bytes at `addr + offset`.
        [load] i64_load16_s = I64Load16S(i64_load16_s) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 2 bytes at `addr + offset`.
        [load] i64_load16_u = I64Load16U(i64_load16_u) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes at `addr + offset`.
        [load] i64_load32_s = I64Load32S(i64_load32_s) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes at `addr + offset`.
        [load] i64_load32_u = I64Load32U(i64_load32_u) { dst: Dst<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes at `addr + offset`.
        [load] f32_load = F32Load(f32_load) { dst: Dst<F32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 8 bytes at `addr + offset`.
        [load] f64_load = F64Load(f64_load) { dst: Dst<F64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes to `addr + offset`.
        [store] i32_store = I32Store(i32_store) { value: Src<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 1 byte to `addr + offset`.
        [store] i32_store8 = I32Store8(i32_store8) { value: Src<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 2 bytes to `addr + offset`.
        [store] i32_store16 = I32Store16(i32_store16) { value: Src<I32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 8 bytes to `addr + offset`.
        [store] i64_store = I64Store(i64_store) { value: Src<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 1 byte to `addr + offset`.
        [store] i64_store8 = I64Store8(i64_store8) { value: Src<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 2 bytes to `addr + offset`.
        [store] i64_store16 = I64Store16(i64_store16) { value: Src<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes to `addr + offset`.
        [store] i64_store32 = I64Store32(i64_store32) { value: Src<I64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes to `addr + offset`.
        [store] f32_store = F32Store(f32_store) { value: Src<F32>, addr: Src<I32>, offset: Offset } [Traps];
        /// 8 bytes to `addr + offset`.
        [store] f64_store = F64Store(f64_store) { value: Src<F64>, addr: Src<I32>, offset: Offset } [Traps];
        /// 4 bytes at `base + index * 4`.
        [load] i32_load_at = I32LoadAt(i32_load_at) { dst: Dst<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 1 byte at `base + index * 1`.
        [load] i32_load8_s_at = I32Load8SAt(i32_load8_s_at) { dst: Dst<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 1 byte at `base + index * 1`.
        [load] i32_load8_u_at = I32Load8UAt(i32_load8_u_at) { dst: Dst<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 2 bytes at `base + index * 2`.
        [load] i32_load16_s_at = I32Load16SAt(i32_load16_s_at) { dst: Dst<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 2 bytes at `base + index * 2`.
        [load] i32_load16_u_at = I32Load16UAt(i32_load16_u_at) { dst: Dst<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 8 bytes at `base + index * 8`.
        [load] i64_load_at = I64LoadAt(i64_load_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 1 byte at `base + index * 1`.
        [load] i64_load8_s_at = I64Load8SAt(i64_load8_s_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 1 byte at `base + index * 1`.
        [load] i64_load8_u_at = I64Load8UAt(i64_load8_u_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 2 bytes at `base + index * 2`.
        [load] i64_load16_s_at = I64Load16SAt(i64_load16_s_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 2 bytes at `base + index * 2`.
        [load] i64_load16_u_at = I64Load16UAt(i64_load16_u_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 4 bytes at `base + index * 4`.
        [load] i64_load32_s_at = I64Load32SAt(i64_load32_s_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 4 bytes at `base + index * 4`.
        [load] i64_load32_u_at = I64Load32UAt(i64_load32_u_at) { dst: Dst<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 4 bytes at `base + index * 4`.
        [load] f32_load_at = F32LoadAt(f32_load_at) { dst: Dst<F32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 8 bytes at `base + index * 8`.
        [load] f64_load_at = F64LoadAt(f64_load_at) { dst: Dst<F64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 4 bytes to `base + index * 4`.
        [store] i32_store_at = I32StoreAt(i32_store_at) { value: Src<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 1 byte to `base + index * 1`.
        [store] i32_store8_at = I32Store8At(i32_store8_at) { value: Src<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 2 bytes to `base + index * 2`.
        [store] i32_store16_at = I32Store16At(i32_store16_at) { value: Src<I32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 8 bytes to `base + index * 8`.
        [store] i64_store_at = I64StoreAt(i64_store_at) { value: Src<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 1 byte to `base + index * 1`.
        [store] i64_store8_at = I64Store8At(i64_store8_at) { value: Src<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 2 bytes to `base + index * 2`.
        [store] i64_store16_at = I64Store16At(i64_store16_at) { value: Src<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 4 bytes to `base + index * 4`.
        [store] i64_store32_at = I64Store32At(i64_store32_at) { value: Src<I64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 4 bytes to `base + index * 4`.
        [store] f32_store_at = F32StoreAt(f32_store_at) { value: Src<F32>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 8 bytes to `base + index * 8`.
        [store] f64_store_at = F64StoreAt(f64_store_at) { value: Src<F64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// 8 bytes at `addr`; then `addr += step`, wrapping.
        [load_step] f64_load_step = F64LoadStep(f64_load_step) { dst: Dst<F64>, addr: InOut<I32>, step: Src<I32> } [Traps];
        /// `dst = a - m`, where `m` is 8 bytes at `addr + offset`; the offset is in a second word.
        [load] f64_sub_load = F64SubLoad(f64_sub_load) { dst: Dst<F64>, a: Src<F64>, addr: Src<I32>, offset: Offset } [Traps];
        /// `dst = a * m`, where `m` is 8 bytes at `addr + offset`; the offset is in a second word.
        [load] f64_mul_load = F64MulLoad(f64_mul_load) { dst: Dst<F64>, a: Src<F64>, addr: Src<I32>, offset: Offset } [Traps];
        /// `x = x + a * m`, rounded after each step, where `m` is 8 bytes at `base + index * 8`; the index is in a second word.
        [load_update] f64_mul_add_load_at = F64MulAddLoadAt(f64_mul_add_load_at) { x: InOut<F64>, a: Src<F64>, base: Src<I32>, index: Src<I32> } [Traps];
        /// `m = m + a * b`, rounded after each step, where `m` is 8 bytes at `addr + offset`; the offset is in a second word.
        [store] f64_mul_add_store = F64MulAddStore(f64_mul_add_store) { a: Src<F64>, b: Src<F64>, addr: Src<I32>, offset: Offset } [Traps];
        /// `m = m - a * b`, rounded after each step, where `m` is 8 bytes at `addr + offset`; the offset is in a second word.
        [store] f64_mul_sub_store = F64MulSubStore(f64_mul_sub_store) { a: Src<F64>, b: Src<F64>, addr: Src<I32>, offset: Offset } [Traps];
        /// Exchanges 4 bytes at `base + index * 4` with 4 bytes at `base + other * 4`.
        [store] i32_swap_at = I32SwapAt(i32_swap_at) { base: Src<I32>, index: Src<I32>, other: Src<I32> } [Traps];
        /// Continue at `to` when the byte at `addr + offset` is 0.
        [load_branch] br_load8_zero = BrLoad8Zero(load8_is_zero) { addr: Src<I32>, offset: Offset, to: Forward16 } [Traps];
        /// Continue at `to` when the byte at `addr + offset` is not 0.
        [load_branch] br_load8_nonzero = BrLoad8Nonzero(load8_is_nonzero) { addr: Src<I32>, offset: Offset, to: Forward16 } [Traps];
        /// Copies `len` bytes from `from` to `to`; the ranges may overlap.
        [store] memory_copy = MemoryCopy(memory_copy) { to: Src<I32>, from: Src<I32>, len: Src<I32> } [Traps];
        /// Sets `len` bytes from `to` on to the low byte of `byte`.
        [store] memory_fill = MemoryFill(memory_fill) { to: Src<I32>, byte: Src<I32>, len: Src<I32> } [Traps];
        /// Size of linear memory in pages of 64 KiB.
        [process] memory_size = MemorySize(memory_size) { dst: Dst<I32> };
        /// Adds `pages` zeroed pages; `dst` is the size before, or -1 when that would pass a limit.
        [process] memory_grow = MemoryGrow(memory_grow) { dst: Dst<I32>, pages: Src<I32> };

        // Globals
        /// `dst = global`.
        [process] global_get = GlobalGet(global_get) { dst: Dst<Any>, global: GlobalRef };
        /// `global = src`.
        [process_store] global_set = GlobalSet(global_set) { src: Src<Any>, global: GlobalRef };

        // Values: constants
        /// `dst =` one of `undefined`, `null`, `unit`, `false`, `true`.
        [value] special_const = SpecialConst(special_const) { dst: Dst<Val>, which: SpecialRef };
        /// `dst = value`, an integer.
        [value] val_const_i32 = ValConstI32(val_from_i32) { dst: Dst<Val>, value: Imm32<I32> };
        /// `dst = value`, a float, in a second word.
        [value] val_const_f64 = ValConstF64(val_from_f64) { dst: Dst<Val>, value: Wide<F64> };
        /// `dst =` the atom of `text`.
        [value] atom_const = AtomConst(atom_const) { dst: Dst<Val>, text: AtomRef };
        /// `dst =` the function `func`, without captured values.
        [value] func_val = FuncVal(func_val) { dst: Dst<Val>, func: FuncRef };

        // Values: conversions from and to the other types
        /// `dst = a`, an integer.
        [value] val_from_i32 = ValFromI32(val_from_i32) { dst: Dst<Val>, a: Src<I32> };
        /// `dst = a`, a box: a 64-bit integer is no number to the `num` ops.
        [object] val_from_i64 = ValFromI64(val_from_i64) { dst: Dst<Val>, a: Src<I64> } [Traps, Allocates];
        /// `dst = a`, a 32-bit float.
        [value] val_from_f32 = ValFromF32(val_from_f32) { dst: Dst<Val>, a: Src<F32> };
        /// `dst = a`, a float.
        [value] val_from_f64 = ValFromF64(val_from_f64) { dst: Dst<Val>, a: Src<F64> };
        /// `dst = true` when `a` is not zero, else `false`.
        [value] val_from_bool = ValFromBool(val_from_bool) { dst: Dst<Val>, a: Src<I32> };
        /// The number `a`, which must be an integer that fits.
        [value] i32_from_val = I32FromVal(i32_from_val) { dst: Dst<I32>, a: Src<Val> } [Traps];
        /// The boxed integer `a`, or the number, which must be an integer that fits.
        [value] i64_from_val = I64FromVal(i64_from_val) { dst: Dst<I64>, a: Src<Val> } [Traps];
        /// The number `a`, rounded to f32.
        [value] f32_from_val = F32FromVal(f32_from_val) { dst: Dst<F32>, a: Src<Val> } [Traps];
        /// The number `a`.
        [value] f64_from_val = F64FromVal(f64_from_val) { dst: Dst<F64>, a: Src<Val> } [Traps];
        /// 1 when `a` is truthy, else 0: `undefined`, `null`, `false`, zeros and NaN are not.
        [value] bool_from_val = BoolFromVal(bool_from_val) { dst: Dst<I32>, a: Src<Val> };

        // Values: tests
        /// 1 when `a` is a `what`, else 0.
        [value] val_is = ValIs(val_is) { dst: Dst<I32>, a: Src<Val>, what: TagRef };
        /// Continue at `to` when `a` is a `what`.
        [branch] br_is = BrIs(val_is) { a: Src<Val>, what: TagRef, to: Forward16 };
        /// Continue at `to` when `a` is no `what`.
        [branch] br_is_not = BrIsNot(val_is_not) { a: Src<Val>, what: TagRef, to: Forward16 };
        /// `dst =` an atom that says what `a` is: `number`, `boolean`, `string`, `function` and so on.
        [value] val_type_of = ValTypeOf(val_type_of) { dst: Dst<Val>, a: Src<Val> };
        /// `dst = true` when `a` is not truthy, else `false`.
        [value] val_not = ValNot(val_not) { dst: Dst<Val>, a: Src<Val> };
        /// Continue at `to` when `a` is truthy.
        [branch] br_true = BrTrue(bool_from_val) { a: Src<Val>, to: Forward16 };
        /// Continue at `to` when `a` is not truthy.
        [branch] br_false = BrFalse(val_is_false) { a: Src<Val>, to: Forward16 };
        /// Go back to `to` when `a` is truthy.
        [latch] loop_true = LoopTrue(bool_from_val) { a: Src<Val>, to: Back16 };
        /// Go back to `to` when `a` is not truthy.
        [latch] loop_false = LoopFalse(val_is_false) { a: Src<Val>, to: Back16 };
        /// Continue at `to` when `a` is `null` or `undefined`.
        [branch] br_nothing = BrNothing(val_is_nothing) { a: Src<Val>, to: Forward16 };
        /// Continue at `to` when `a` is neither `null` nor `undefined`.
        [branch] br_not_nothing = BrNotNothing(val_is_something) { a: Src<Val>, to: Forward16 };

        // Numbers: integers that become floats where they do not fit
        /// `dst = a + b`.
        [object] num_add = NumAdd(num_add) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `dst = a - b`.
        [object] num_sub = NumSub(num_sub) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `dst = a * b`; zero times a negative integer is the float -0.
        [object] num_mul = NumMul(num_mul) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `dst = a / b`, as floats; of two integers an integer if it is one.
        [object] num_div = NumDiv(num_div) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `dst = a % b`, sign of `a`; NaN when `b` is zero.
        [value] num_rem = NumRem(num_rem) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a` to the power of `b`; an integer if both are, and it fits.
        [value] num_pow = NumPow(num_pow) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = -a`; of the integer 0 the float -0.
        [object] num_neg = NumNeg(num_neg) { dst: Dst<Val>, a: Src<Val> } [Traps, Allocates];
        /// `dst = a + b`.
        [object] num_add_imm = NumAddImm(num_add_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps, Allocates];
        /// `dst = a - b`.
        [object] num_sub_imm = NumSubImm(num_sub_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps, Allocates];
        /// `dst = b - a`: the immediate comes first.
        [object] num_rsub_imm = NumRsubImm(num_rsub_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps, Allocates];
        /// `dst = a * b`.
        [object] num_mul_imm = NumMulImm(num_mul_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps, Allocates];
        /// `dst = a / b`.
        [object] num_div_imm = NumDivImm(num_div_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps, Allocates];
        /// `dst = b / a`: the immediate comes first.
        [object] num_rdiv_imm = NumRdivImm(num_rdiv_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps, Allocates];
        /// `dst = a % b`.
        [value] num_rem_imm = NumRemImm(num_rem_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// The square root of `a`.
        [value] num_sqrt = NumSqrt(num_sqrt) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `a` without its sign.
        [value] num_abs = NumAbs(num_abs) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// The greatest integer that is not above `a`.
        [value] num_floor = NumFloor(num_floor) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// The least integer that is not below `a`.
        [value] num_ceil = NumCeil(num_ceil) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `a` without what follows the point.
        [value] num_trunc = NumTrunc(num_trunc) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// The nearest integer to `a`; halves go up.
        [value] num_round = NumRound(num_round) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// The lesser of `a` and `b`; NaN if one is NaN; -0 is less than 0.
        [value] num_min = NumMin(num_min) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// The greater of `a` and `b`; NaN if one is NaN; -0 is less than 0.
        [value] num_max = NumMax(num_max) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `x = x + a * b`.
        [object_update] num_mul_add = NumMulAdd(num_mul_add) { x: InOut<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `x = x - a * b`.
        [object_update] num_mul_sub = NumMulSub(num_mul_sub) { x: InOut<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `dst = a * b + c`; `c` is in a second word.
        [object] num_mul_plus = NumMulPlus(num_mul_plus) { dst: Dst<Val>, a: Src<Val>, b: Src<Val>, c: Src<Val> } [Traps, Allocates];
        /// `dst = a * b + c`; the last immediate is in a second word.
        [object] num_mul_plus_imm = NumMulPlusImm(num_mul_plus_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32>, c: Imm16<I32> } [Traps, Allocates];
        /// `dst = a + f`, where `f` is field number `index` of an instance; the index is in a second word.
        [object] num_add_field = NumAddField(num_add_field) { dst: Dst<Val>, a: Src<Val>, object: Src<Val>, index: Index } [Traps, Allocates];
        /// `dst = a - f`, where `f` is field number `index` of an instance; the index is in a second word.
        [object] num_sub_field = NumSubField(num_sub_field) { dst: Dst<Val>, a: Src<Val>, object: Src<Val>, index: Index } [Traps, Allocates];
        /// `dst = a * f`, where `f` is field number `index` of an instance; the index is in a second word.
        [object] num_mul_field = NumMulField(num_mul_field) { dst: Dst<Val>, a: Src<Val>, object: Src<Val>, index: Index } [Traps, Allocates];

        // Numbers: bits. Operands are taken modulo 2^32; NaN and infinities are 0
        /// `dst = !a`.
        [value] num_not = NumNot(num_not) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `dst = a & b`.
        [value] num_and = NumAnd(num_and) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a | b`.
        [value] num_or = NumOr(num_or) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a ^ b`.
        [value] num_xor = NumXor(num_xor) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a << (b mod 32)`.
        [value] num_shl = NumShl(num_shl) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a >> (b mod 32)`, copies of the sign move in.
        [value] num_shr = NumShr(num_shr) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a >> (b mod 32)`, zeros move in: never negative.
        [value] num_ushr = NumUshr(num_ushr) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a & b`.
        [value] num_and_imm = NumAndImm(num_and_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// `dst = a | b`.
        [value] num_or_imm = NumOrImm(num_or_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// `dst = a ^ b`.
        [value] num_xor_imm = NumXorImm(num_xor_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// `dst = a << (b mod 32)`.
        [value] num_shl_imm = NumShlImm(num_shl_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// `dst = a >> (b mod 32)`, copies of the sign move in.
        [value] num_shr_imm = NumShrImm(num_shr_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// `dst = a >> (b mod 32)`, zeros move in: never negative.
        [value] num_ushr_imm = NumUshrImm(num_ushr_imm) { dst: Dst<Val>, a: Src<Val>, b: Imm16<I32> } [Traps];

        // Integers as values: numbers that must be 32-bit integers; results wrap
        /// `dst = a + b`, wrapping.
        [value] int_add = IntAdd(int_add) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a - b`, wrapping.
        [value] int_sub = IntSub(int_sub) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a * b`, wrapping.
        [value] int_mul = IntMul(int_mul) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a / b`, towards zero, wrapping; traps on `b == 0`.
        [value] int_div = IntDiv(int_div) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a % b`, sign of `a`; traps on `b == 0`.
        [value] int_rem = IntRem(int_rem) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a` to the power of `b`, wrapping; towards zero where `b` is negative.
        [value] int_pow = IntPow(int_pow) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = -a`, wrapping.
        [value] int_neg = IntNeg(int_neg) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `dst = !a`.
        [value] int_not = IntNot(int_not) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `dst = a & b`.
        [value] int_and = IntAnd(int_and) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a | b`.
        [value] int_or = IntOr(int_or) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a ^ b`.
        [value] int_xor = IntXor(int_xor) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a << (b mod 32)`.
        [value] int_shl = IntShl(int_shl) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a >> (b mod 32)`, copies of the sign move in.
        [value] int_shr = IntShr(int_shr) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a >> (b mod 32)`, zeros move in.
        [value] int_ushr = IntUshr(int_ushr) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];

        // Floats as values: numbers taken as f64; results are f64
        /// `dst = a + b`.
        [value] float_add = FloatAdd(float_add) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a - b`.
        [value] float_sub = FloatSub(float_sub) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a * b`.
        [value] float_mul = FloatMul(float_mul) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a / b`.
        [value] float_div = FloatDiv(float_div) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a % b`, sign of `a`.
        [value] float_rem = FloatRem(float_rem) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a` to the power of `b`.
        [value] float_pow = FloatPow(float_pow) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = -a`.
        [value] float_neg = FloatNeg(float_neg) { dst: Dst<Val>, a: Src<Val> } [Traps];

        // Comparisons of values: numbers by value, strings by their bytes; `dst` is `true` or `false`
        /// `dst = a < b`.
        [value] val_lt = ValLt(val_lt) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a <= b`.
        [value] val_le = ValLe(val_le) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps];
        /// `dst = a == b`: numbers, strings and boxes by value, all else by identity.
        [value] val_eq = ValEq(val_eq) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> };
        /// `dst = a != b`.
        [value] val_ne = ValNe(val_ne) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> };
        /// `dst = true` when `a` and `b` are the same number or the same object.
        [value] val_same = ValSame(val_same) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> };
        /// `dst = true` when `a` and `b` hold equal things, all the way down.
        [object] val_equal = ValEqual(val_equal) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> };

        // Compare values and branch
        /// Continue at `to` when `a < b`.
        [branch] br_val_lt = BrValLt(val_is_lt) { a: Src<Val>, b: Src<Val>, to: Forward16 } [Traps];
        /// Continue at `to` when `a <= b`.
        [branch] br_val_le = BrValLe(val_is_le) { a: Src<Val>, b: Src<Val>, to: Forward16 } [Traps];
        /// Continue at `to` when not `a < b`.
        [branch] br_val_not_lt = BrValNotLt(val_is_not_lt) { a: Src<Val>, b: Src<Val>, to: Forward16 } [Traps];
        /// Continue at `to` when not `a <= b`.
        [branch] br_val_not_le = BrValNotLe(val_is_not_le) { a: Src<Val>, b: Src<Val>, to: Forward16 } [Traps];
        /// Continue at `to` when `a == b`.
        [branch] br_val_eq = BrValEq(val_is_eq) { a: Src<Val>, b: Src<Val>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_val_ne = BrValNe(val_is_ne) { a: Src<Val>, b: Src<Val>, to: Forward16 };
        /// Continue at `to` when `a` and `b` are the same.
        [branch] br_val_same = BrValSame(val_is_same) { a: Src<Val>, b: Src<Val>, to: Forward16 };
        /// Continue at `to` when `a` and `b` are not the same.
        [branch] br_val_not_same = BrValNotSame(val_is_not_same) { a: Src<Val>, b: Src<Val>, to: Forward16 };
        /// Continue at `to` when `a < b`.
        [branch] br_val_lt_imm = BrValLtImm(val_is_lt_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when `a <= b`.
        [branch] br_val_le_imm = BrValLeImm(val_is_le_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when `a > b`.
        [branch] br_val_gt_imm = BrValGtImm(val_is_gt_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when `a >= b`.
        [branch] br_val_ge_imm = BrValGeImm(val_is_ge_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when not `a < b`.
        [branch] br_val_not_lt_imm = BrValNotLtImm(val_is_not_lt_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when not `a <= b`.
        [branch] br_val_not_le_imm = BrValNotLeImm(val_is_not_le_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when not `a > b`.
        [branch] br_val_not_gt_imm = BrValNotGtImm(val_is_not_gt_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when not `a >= b`.
        [branch] br_val_not_ge_imm = BrValNotGeImm(val_is_not_ge_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when `a == b`.
        [branch] br_val_eq_imm = BrValEqImm(val_is_eq_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a != b`.
        [branch] br_val_ne_imm = BrValNeImm(val_is_ne_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 };
        /// Continue at `to` when `a % b` is zero.
        [branch] br_num_rem_zero_imm = BrNumRemZeroImm(num_is_multiple_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Continue at `to` when `a % b` is not zero, NaN included.
        [branch] br_num_rem_nonzero_imm = BrNumRemNonzeroImm(num_is_no_multiple_imm) { a: Src<Val>, b: Imm16<I32>, to: Forward16 } [Traps];
        /// Go back to `to` when `a < b`.
        [latch] loop_val_lt = LoopValLt(val_is_lt) { a: Src<Val>, b: Src<Val>, to: Back16 } [Traps];
        /// Go back to `to` when `a <= b`.
        [latch] loop_val_le = LoopValLe(val_is_le) { a: Src<Val>, b: Src<Val>, to: Back16 } [Traps];
        /// Go back to `to` when not `a < b`.
        [latch] loop_val_not_lt = LoopValNotLt(val_is_not_lt) { a: Src<Val>, b: Src<Val>, to: Back16 } [Traps];
        /// Go back to `to` when not `a <= b`.
        [latch] loop_val_not_le = LoopValNotLe(val_is_not_le) { a: Src<Val>, b: Src<Val>, to: Back16 } [Traps];
        /// Go back to `to` when `a == b`.
        [latch] loop_val_eq = LoopValEq(val_is_eq) { a: Src<Val>, b: Src<Val>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_val_ne = LoopValNe(val_is_ne) { a: Src<Val>, b: Src<Val>, to: Back16 };
        /// Go back to `to` when `a` and `b` are the same.
        [latch] loop_val_same = LoopValSame(val_is_same) { a: Src<Val>, b: Src<Val>, to: Back16 };
        /// Go back to `to` when `a` and `b` are not the same.
        [latch] loop_val_not_same = LoopValNotSame(val_is_not_same) { a: Src<Val>, b: Src<Val>, to: Back16 };
        /// Go back to `to` when `a < b`.
        [latch] loop_val_lt_imm = LoopValLtImm(val_is_lt_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when `a <= b`.
        [latch] loop_val_le_imm = LoopValLeImm(val_is_le_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when `a > b`.
        [latch] loop_val_gt_imm = LoopValGtImm(val_is_gt_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when `a >= b`.
        [latch] loop_val_ge_imm = LoopValGeImm(val_is_ge_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when not `a < b`.
        [latch] loop_val_not_lt_imm = LoopValNotLtImm(val_is_not_lt_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when not `a <= b`.
        [latch] loop_val_not_le_imm = LoopValNotLeImm(val_is_not_le_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when not `a > b`.
        [latch] loop_val_not_gt_imm = LoopValNotGtImm(val_is_not_gt_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when not `a >= b`.
        [latch] loop_val_not_ge_imm = LoopValNotGeImm(val_is_not_ge_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 } [Traps];
        /// Go back to `to` when `a == b`.
        [latch] loop_val_eq_imm = LoopValEqImm(val_is_eq_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 };
        /// Go back to `to` when `a != b`.
        [latch] loop_val_ne_imm = LoopValNeImm(val_is_ne_imm) { a: Src<Val>, b: Imm16<I32>, to: Back16 };

        // Step a number and go back
        /// `i = i + 1`; go back to `to` when `i < limit`.
        [step] loop_num_inc_lt = LoopNumIncLt(num_inc_lt) { i: InOut<Val>, limit: Src<Val>, to: Back16 } [Traps];
        /// `i = i + 1`; go back to `to` when `i <= limit`.
        [step] loop_num_inc_le = LoopNumIncLe(num_inc_le) { i: InOut<Val>, limit: Src<Val>, to: Back16 } [Traps];
        /// `i = i - 1`; go back to `to` when `i > limit`.
        [step] loop_num_dec_gt = LoopNumDecGt(num_dec_gt) { i: InOut<Val>, limit: Src<Val>, to: Back16 } [Traps];
        /// `i = i - 1`; go back to `to` when `i >= limit`.
        [step] loop_num_dec_ge = LoopNumDecGe(num_dec_ge) { i: InOut<Val>, limit: Src<Val>, to: Back16 } [Traps];
        /// `i = i + 1`; go back to `to` when `i < limit`.
        [step] loop_num_inc_lt_imm = LoopNumIncLtImm(num_inc_lt_imm) { i: InOut<Val>, limit: Imm16<I32>, to: Back16 } [Traps];
        /// `i = i + 1`; go back to `to` when `i <= limit`.
        [step] loop_num_inc_le_imm = LoopNumIncLeImm(num_inc_le_imm) { i: InOut<Val>, limit: Imm16<I32>, to: Back16 } [Traps];
        /// `i = i - 1`; go back to `to` when `i > limit`.
        [step] loop_num_dec_gt_imm = LoopNumDecGtImm(num_dec_gt_imm) { i: InOut<Val>, limit: Imm16<I32>, to: Back16 } [Traps];
        /// `i = i - 1`; go back to `to` when `i >= limit`.
        [step] loop_num_dec_ge_imm = LoopNumDecGeImm(num_dec_ge_imm) { i: InOut<Val>, limit: Imm16<I32>, to: Back16 } [Traps];
        /// `i = i + step`; go back to `to` when `i < limit`; the target is in a second word.
        [step] loop_num_add_lt = LoopNumAddLt(num_add_lt) { i: InOut<Val>, step: Src<Val>, limit: Src<Val>, to: Back32 } [Traps];
        /// `i = i + step`; go back to `to` when `i <= limit`; the target is in a second word.
        [step] loop_num_add_le = LoopNumAddLe(num_add_le) { i: InOut<Val>, step: Src<Val>, limit: Src<Val>, to: Back32 } [Traps];
        /// `i = i + 1`; go back to `to` when `a != b`: counts the turns of a loop that ends for another reason; the target is in a second word.
        [step] loop_num_count_ne_imm = LoopNumCountNeImm(num_count_ne_imm) { i: InOut<Val>, a: Src<Val>, b: Imm16<I32>, to: Back32 } [Traps];

        // Step a number and continue ahead
        /// `x = x + step`; continue at `to` when not `x > limit`; the target is in a second word.
        [skip] br_num_add_not_gt = BrNumAddNotGt(num_add_not_gt) { x: InOut<Val>, step: Src<Val>, limit: Src<Val>, to: Forward32 } [Traps];
        /// `x = x + step`; continue at `to` when not `x > limit`; the target is in a second word.
        [skip] br_num_add_not_gt_imm = BrNumAddNotGtImm(num_add_not_gt_imm) { x: InOut<Val>, step: Imm16<I32>, limit: Imm16<I32>, to: Forward32 } [Traps];

        // Strings
        /// `dst =` the string `text`, always the same object.
        [object] str_const = StrConst(str_const) { dst: Dst<Val>, text: TextRef };
        /// `dst =` how many bytes `a` has.
        [value] str_len = StrLen(str_len) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `dst = a` followed by `b`, each as text where it is no string.
        [object] str_concat = StrConcat(str_concat) { dst: Dst<Val>, a: Src<Val>, b: Src<Val> } [Traps, Allocates];
        /// `dst =` the elements of `array` one after another with `separator` between them, each as text where it is no string.
        [object] str_join = StrJoin(str_join) { dst: Dst<Val>, array: Src<Val>, separator: Src<Val> } [Traps, Allocates];
        /// `x =` the bytes of `x` from `from` up to `to`, which may lie beyond its ends, but in no character.
        [object_update] str_slice = StrSlice(str_slice) { x: InOut<Val>, from: Src<Val>, to: Src<Val> } [Traps, Allocates];
        /// `dst =` byte number `index` of `a`.
        [object] str_byte = StrByte(str_byte) { dst: Dst<Val>, a: Src<Val>, index: Src<Val> } [Traps, Allocates];
        /// `dst =` the character of `a` that begins at byte `index`, as a string.
        [object] str_char = StrChar(str_char) { dst: Dst<Val>, a: Src<Val>, index: Src<Val> } [Traps, Allocates];
        /// `dst =` what `a` looks like, as a string; a string is itself.
        [object] val_to_str = ValToStr(val_to_str) { dst: Dst<Val>, a: Src<Val> } [Traps, Allocates];
        /// `dst =` the atom with the text of the string `a`.
        [object] atom_from_str = AtomFromStr(atom_from_str) { dst: Dst<Val>, a: Src<Val> } [Traps];
        /// `dst =` the text of the atom `a` as a string, always the same object.
        [object] str_from_atom = StrFromAtom(str_from_atom) { dst: Dst<Val>, a: Src<Val> } [Traps];

        // Classes, objects, properties
        /// `dst =` a new instance of `class`, its fields `null`.
        [object] object_new = ObjectNew(object_new) { dst: Dst<Val>, class: ClassRef } [Traps, Allocates];
        /// `dst =` a new instance of `class`, with the `count` registers from `first` on as its fields: all of them.
        [make] object_make = ObjectMake(object_make) { dst: Dst<Val>, first: Run, count: Len, class: ClassRef } [Traps, Allocates];
        /// `dst =` field number `index` of an instance.
        [value] field_get = FieldGet(field_get) { dst: Dst<Val>, object: Src<Val>, index: Index } [Traps];
        /// Field number `index` of an instance becomes `value`.
        [object_store] field_set = FieldSet(field_set) { value: Src<Val>, object: Src<Val>, index: Index } [Traps];
        /// Field number `index` of an instance grows by `b`.
        [object_store] field_add_imm = FieldAddImm(field_add_imm) { object: Src<Val>, index: Index, b: Imm16<I32> } [Traps, Allocates];
        /// Field number `index` of an instance grows by `a * b`; the index is in a second word.
        [object_store] field_mul_add = FieldMulAdd(field_mul_add) { a: Src<Val>, b: Src<Val>, object: Src<Val>, index: Index } [Traps, Allocates];
        /// Field number `index` of an instance shrinks by `a * b`; the index is in a second word.
        [object_store] field_mul_sub = FieldMulSub(field_mul_sub) { a: Src<Val>, b: Src<Val>, object: Src<Val>, index: Index } [Traps, Allocates];
        /// `dst =` 1 if `value` is an instance of `class`, of one that extends it or implements it; else 0.
        [object] instance_of = InstanceOf(instance_of) { dst: Dst<I32>, value: Src<Val>, class: ClassRef };
        /// Continue at `to` if `value` is an instance of `class`.
        [object_branch] br_instance = BrInstance(instance_of) { value: Src<Val>, to: Forward16, class: ClassRef };
        /// Continue at `to` if `value` is not an instance of `class`.
        [object_branch] br_not_instance = BrNotInstance(not_instance_of) { value: Src<Val>, to: Forward16, class: ClassRef };
        /// `dst = value`, which must be `null` or an instance of `class`.
        [object] cast = Cast(cast) { dst: Dst<Val>, value: Src<Val>, class: ClassRef } [Traps];
        /// `dst =` property `name` of `object` or of its prototypes; `undefined` if there is none.
        [object] prop_get = PropGet(prop_get) { dst: Dst<Val>, object: Src<Val>, name: AtomRef, site: SiteRef } [Traps];
        /// As `prop_get`, and protected properties too.
        [object] prop_get_this = PropGetThis(prop_get_this) { dst: Dst<Val>, object: Src<Val>, name: AtomRef, site: SiteRef } [Traps];
        /// Property `name` of `object` becomes `value`; a prototype object that does not have it gets it.
        [object_store] prop_set = PropSet(prop_set) { value: Src<Val>, object: Src<Val>, name: AtomRef, site: SiteRef } [Traps, Allocates];
        /// As `prop_set`, and protected properties too.
        [object_store] prop_set_this = PropSetThis(prop_set_this) { value: Src<Val>, object: Src<Val>, name: AtomRef, site: SiteRef } [Traps, Allocates];
        /// `dst =` whether `object` or one of its prototypes has property `name`.
        [object] prop_has = PropHas(prop_has) { dst: Dst<Val>, object: Src<Val>, name: AtomRef } [Traps];
        /// Takes property `name` away from `object`; `dst =` whether it was there and could be.
        [object] prop_delete = PropDelete(prop_delete) { dst: Dst<Val>, object: Src<Val>, name: AtomRef } [Traps, Allocates];
        /// Property `name` of `object` becomes `value`, and `access` says who may do what with it.
        [object_store] prop_define = PropDefine(prop_define) { value: Src<Val>, object: Src<Val>, access: Access, name: AtomRef } [Traps, Allocates];
        /// `dst =` the access of a property of the object's own, as a number; `undefined` if there is none.
        [object] prop_access = PropAccess(prop_access) { dst: Dst<Val>, object: Src<Val>, name: AtomRef } [Traps];
        /// `dst =` an array of the names of the object's own properties, in the order they came, without hidden and protected ones.
        [object] prop_keys = PropKeys(prop_keys) { dst: Dst<Val>, object: Src<Val> } [Traps, Allocates];
        /// `dst =` the element of `object` under any key: by position, of a map by key, else the property of that name.
        [object] elem_get = ElemGet(elem_get) { dst: Dst<Val>, object: Src<Val>, key: Src<Val> } [Traps];
        /// The element of `object` under any key becomes `value`.
        [object_store] elem_set = ElemSet(elem_set) { value: Src<Val>, object: Src<Val>, key: Src<Val> } [Traps, Allocates];
        /// `dst =` a new object without properties, with this prototype: a prototype object, `null` or `undefined`.
        [object] proto_new = ProtoNew(proto_new) { dst: Dst<Val>, proto: Src<Val> } [Traps, Allocates];
        /// `dst =` the prototype of `object`, or `null`.
        [object] proto_get = ProtoGet(proto_get) { dst: Dst<Val>, object: Src<Val> } [Traps];
        /// The prototype of `object` becomes `proto`, whose prototypes must not lead back to it.
        [object_store] proto_set = ProtoSet(proto_set) { proto: Src<Val>, object: Src<Val> } [Traps];

        // Arrays, tuples, maps, sets and other collections
        /// `dst =` a new array without elements, with a wish for the room to make when the first one comes.
        [object] array_new = ArrayNew(array_new) { dst: Dst<Val>, capacity: Index } [Allocates];
        /// `dst =` a new array of the `count` registers from `first` on.
        [make] array_make = ArrayMake(array_make) { dst: Dst<Val>, first: Run, count: Len } [Traps, Allocates];
        /// `dst =` a new array of `len` times `value`.
        [object] array_fill = ArrayFill(array_fill) { dst: Dst<Val>, len: Src<Val>, value: Src<Val> } [Traps, Allocates];
        /// `dst =` how many elements `array` has.
        [object] array_len = ArrayLen(array_len) { dst: Dst<Val>, array: Src<Val> } [Traps];
        /// `dst = array[index]`.
        [object] array_get = ArrayGet(array_get) { dst: Dst<Val>, array: Src<Val>, index: Src<Val> } [Traps];
        /// `array[index] = value`; at the length of `array`, adds an element.
        [object_store] array_set = ArraySet(array_set) { value: Src<Val>, array: Src<Val>, index: Src<Val> } [Traps, Allocates];
        /// `dst = array[index]`.
        [object] array_get_imm = ArrayGetImm(array_get_at) { dst: Dst<Val>, array: Src<Val>, index: Index } [Traps];
        /// `array[index] = value`; at the length of `array`, adds an element.
        [object_store] array_set_imm = ArraySetImm(array_set_at) { value: Src<Val>, array: Src<Val>, index: Index } [Traps, Allocates];
        /// Elements `index` and `other` of `array` change places.
        [object_store] array_swap = ArraySwap(array_swap) { array: Src<Val>, index: Src<Val>, other: Src<Val> } [Traps, Allocates];
        /// Adds `value` to the end of `array`.
        [object_store] array_push = ArrayPush(array_push) { value: Src<Val>, array: Src<Val> } [Traps, Allocates];
        /// Takes the last element of `array` away; `dst` is that, or `undefined` if there was none.
        [object] array_pop = ArrayPop(array_pop) { dst: Dst<Val>, array: Src<Val> } [Traps];
        /// `dst =` a tuple of the `count` registers from `first` on.
        [make] tuple_make = TupleMake(tuple_make) { dst: Dst<Val>, first: Run, count: Len } [Traps, Allocates];
        /// `dst =` value number `index` of `tuple`.
        [object] tuple_get = TupleGet(tuple_get) { dst: Dst<Val>, tuple: Src<Val>, index: Index } [Traps];
        /// `dst =` how many values `tuple` has.
        [object] tuple_len = TupleLen(tuple_len) { dst: Dst<Val>, tuple: Src<Val> } [Traps];
        /// `dst =` a value tagged `tag` with the `count` registers from `first` on.
        [make] enum_make = EnumMake(enum_make) { dst: Dst<Val>, first: Run, count: Len, tag: AtomRef } [Traps, Allocates];
        /// `dst =` the tag of `value`, an atom.
        [object] enum_tag = EnumTag(enum_tag) { dst: Dst<Val>, value: Src<Val> } [Traps];
        /// `dst =` what `value` has at `index` behind its tag.
        [object] enum_get = EnumGet(enum_get) { dst: Dst<Val>, value: Src<Val>, index: Index } [Traps];
        /// `dst =` how many values `value` has behind its tag.
        [object] enum_len = EnumLen(enum_len) { dst: Dst<Val>, value: Src<Val> } [Traps];
        /// Goes on at `to` when `value` is a value tagged `tag`.
        [object_branch] br_enum = BrEnum(is_enum) { value: Src<Val>, to: Forward32, tag: AtomRef };
        /// Goes on at `to` when `value` is no value tagged `tag`.
        [object_branch] br_not_enum = BrNotEnum(is_not_enum) { value: Src<Val>, to: Forward32, tag: AtomRef };
        /// `dst =` a new map without entries.
        [object] map_new = MapNew(map_new) { dst: Dst<Val> } [Allocates];
        /// `dst =` the value of `key` in `map`, or `undefined` if it has none.
        [object] map_get = MapGet(map_get) { dst: Dst<Val>, map: Src<Val>, key: Src<Val> } [Traps];
        /// Gives `key` this value in `map`.
        [object_store] map_set = MapSet(map_set) { value: Src<Val>, map: Src<Val>, key: Src<Val> } [Traps, Allocates];
        /// `dst =` whether `map` has `key`, a bool.
        [object] map_has = MapHas(map_has) { dst: Dst<Val>, map: Src<Val>, key: Src<Val> } [Traps];
        /// Takes `key` away from `map`; `dst =` whether it was there, a bool.
        [object] map_delete = MapDelete(map_delete) { dst: Dst<Val>, map: Src<Val>, key: Src<Val> } [Traps];
        /// `dst =` how many keys `map` has.
        [object] map_len = MapLen(map_len) { dst: Dst<Val>, map: Src<Val> } [Traps];
        /// `dst =` how many entries `map`, a map or set, has to go through, those taken away included.
        [object] map_slots = MapSlots(map_slots) { dst: Dst<Val>, map: Src<Val> } [Traps];
        /// `dst =` the key of entry `slot` of `map`, a map or set; `undefined` if it was taken away.
        [object] map_key_at = MapKeyAt(map_key_at) { dst: Dst<Val>, map: Src<Val>, slot: Src<Val> } [Traps];
        /// `dst =` the value of entry `slot` of `map`; `undefined` if it was taken away.
        [object] map_value_at = MapValueAt(map_value_at) { dst: Dst<Val>, map: Src<Val>, slot: Src<Val> } [Traps];
        /// `dst =` a new set without keys.
        [object] set_new = SetNew(set_new) { dst: Dst<Val> } [Allocates];
        /// Adds `key` to `set`.
        [object_store] set_add = SetAdd(set_add) { key: Src<Val>, set: Src<Val> } [Traps, Allocates];
        /// `dst =` whether `set` has `key`, a bool.
        [object] set_has = SetHas(set_has) { dst: Dst<Val>, set: Src<Val>, key: Src<Val> } [Traps];
        /// Takes `key` away from `set`; `dst =` whether it was there, a bool.
        [object] set_delete = SetDelete(set_delete) { dst: Dst<Val>, set: Src<Val>, key: Src<Val> } [Traps];
        /// `dst =` how many keys `set` has.
        [object] set_len = SetLen(set_len) { dst: Dst<Val>, set: Src<Val> } [Traps];
        /// `dst =` the complex number `re + im i`.
        [object] complex_make = ComplexMake(complex_make) { dst: Dst<Val>, re: Src<F64>, im: Src<F64> } [Allocates];
        /// `dst =` the real part of `value`, a number of any kind.
        [object] complex_re = ComplexRe(complex_re) { dst: Dst<F64>, value: Src<Val> } [Traps];
        /// `dst =` the imaginary part of `value`, a number of any kind.
        [object] complex_im = ComplexIm(complex_im) { dst: Dst<F64>, value: Src<Val> } [Traps];
        /// `dst =` a reference to `value` that does not keep it alive.
        [object] weak_new = WeakNew(weak_new) { dst: Dst<Val>, value: Src<Val> } [Allocates];
        /// `dst =` what `weak` refers to, or `undefined` once it is gone.
        [object] weak_get = WeakGet(weak_get) { dst: Dst<Val>, weak: Src<Val> } [Traps];
        /// `dst =` an object that stands for `target` and leaves what is done with it to `handler`.
        [object] proxy_new = ProxyNew(proxy_new) { dst: Dst<Val>, target: Src<Val>, handler: Src<Val> } [Allocates];
        /// `dst =` what `proxy` stands for.
        [object] proxy_target = ProxyTarget(proxy_target) { dst: Dst<Val>, proxy: Src<Val> } [Traps];
        /// `dst =` the handler of `proxy`.
        [object] proxy_handler = ProxyHandler(proxy_handler) { dst: Dst<Val>, proxy: Src<Val> } [Traps];

        // Functions as values, cells
        /// `dst =` a new cell that holds `value`.
        [object] cell_new = CellNew(cell_new) { dst: Dst<Val>, value: Src<Val> } [Allocates];
        /// `dst =` what `cell` holds.
        [object] cell_get = CellGet(cell_get) { dst: Dst<Val>, cell: Src<Val> } [Traps];
        /// Makes `cell` hold `value`.
        [object_store] cell_set = CellSet(cell_set) { value: Src<Val>, cell: Src<Val> } [Traps];
        /// `dst =` a closure of `func` over the `count` registers from `first` on.
        [make] closure_new = ClosureNew(closure_new) { dst: Dst<Val>, first: Run, count: Len, func: FuncRef } [Traps, Allocates];
        /// `dst =` captured value number `index` of `closure`.
        [object] capture_get = CaptureGet(capture_get) { dst: Dst<Val>, closure: Src<Val>, index: Index } [Traps];
        /// Replaces captured value number `index` of `closure`.
        [object_store] capture_set = CaptureSet(capture_set) { value: Src<Val>, closure: Src<Val>, index: Index } [Traps];
        /// `dst =` what the cell holds that is captured value number `index` of `closure`.
        [object] captured_get = CapturedGet(captured_get) { dst: Dst<Val>, closure: Src<Val>, index: Index } [Traps];
        /// Makes the cell that is captured value number `index` of `closure` hold `value`.
        [object_store] captured_set = CapturedSet(captured_set) { value: Src<Val>, closure: Src<Val>, index: Index } [Traps];
        /// What the cell holds that is captured value number `index` of `closure` grows by `b`.
        [object_store] captured_add_imm = CapturedAddImm(captured_add_imm) { closure: Src<Val>, index: Index, b: Imm16<I32> } [Traps, Allocates];
        /// `dst =` a function or closure with its receiver, which goes before the arguments when it is called.
        [object] bound_new = BoundNew(bound_new) { dst: Dst<Val>, receiver: Src<Val>, function: Src<Val> } [Traps, Allocates];

        // Patterns and tables
        /// Goes on at `to` when `value` does not match `pattern`; else puts what it binds into registers from `first` on.
        [unmatched] br_no_match = BrNoMatch(is_unmatched) { value: Src<Val>, first: Bind, to: Forward32, pattern: PatternRef };
        /// `dst =` the position of `value` in `table`, or how many keys `table` has: for the `switch` that follows.
        [object] key_index = KeyIndex(key_index) { dst: Dst<I32>, value: Src<Val>, table: TableRef };

        // Control. Calls use a window: arguments sit from `window + 2` on, results land as `Signature` says
        /// Continue at `to`, further on.
        [control] br = Br { to: Forward32 } [Ends];
        /// Go back to `to`: a latch.
        [control] loop = Loop { to: Back32 } [Ends];
        /// Jump into the `count + 1` `br` instructions that follow: to number `index`, or to the last when `index >= count` (unsigned).
        [control] switch = Switch { index: Src<I32>, count: Count } [Ends];
        /// Call `func`.
        [control] call = Call { window: Window, func: FuncRef } [Traps, Calls];
        /// Call `func`, with `a` as its first argument, which is put into the window.
        [control] call_mov = CallMov { window: Window, a: Src<Any>, func: FuncRef } [Traps, Calls];
        /// Call `func`, with `a + b`, wrapping, as its first argument, which is put into the window.
        [control] call_i32_add_imm = CallI32AddImm { window: Window, a: Src<I32>, b: Imm16<I32>, func: FuncRef } [Traps, Calls];
        /// Call `func`, with the number `a + b` as its first argument, which is put into the window.
        [control] call_num_add_imm = CallNumAddImm { window: Window, a: Src<Val>, b: Imm16<I32>, func: FuncRef } [Traps, Calls, Allocates];
        /// Call the function with id `callee`, which must have signature `sig`.
        [control] call_indirect = CallIndirect { window: Window, callee: Src<I32>, sig: SigRef } [Traps, Calls];
        /// Call the value `callee`: a function of signature `sig`, or a closure or bound function that makes one of it by
        /// adding what it holds.
        [control] call_value = CallValue { window: Window, callee: Src<Val>, sig: SigRef } [Traps, Calls, Binds];
        /// Call the method in slot `slot` of the vtable of argument 0, an instance; it must have signature `sig`.
        [control] call_virtual = CallVirtual { window: Window, slot: Index, sig: SigRef } [Traps, Calls];
        /// Call method `name` of argument 0, whatever it is; it must have signature `sig`.
        [control] call_method = CallMethod { window: Window, sig: SigRef, name: AtomRef, site: SiteRef } [Traps, Calls, Binds];
        /// `window =` what method `__add__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `num_add`.
        [magic] magic_add = MagicAdd(magic_add) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__sub__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `num_sub`.
        [magic] magic_sub = MagicSub(magic_sub) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__mul__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `num_mul`.
        [magic] magic_mul = MagicMul(magic_mul) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__div__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `num_div`.
        [magic] magic_div = MagicDiv(magic_div) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__rem__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `num_rem`.
        [magic] magic_rem = MagicRem(magic_rem) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__eq__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `val_eq`.
        [magic] magic_eq = MagicEq(magic_eq) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__lt__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `val_lt`.
        [magic] magic_lt = MagicLt(magic_lt) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__le__` of `a`, or of `b`, gives for `(a, b)`; where there is none, as `val_le`.
        [magic] magic_le = MagicLe(magic_le) { window: Window, a: Src<Val>, b: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// `window =` property `name` of `object`; where there is none, what its `__getattr__` gives for `(object, name)`.
        [magic] magic_get = MagicGet(magic_get) { window: Window, object: Src<Val>, name: AtomRef, site: SiteRef } [Traps, Calls, Binds];
        /// Calls `__setattr__` of `object` with `(object, name, value)`; where there is none, as `prop_set`, and `window = undefined`.
        [magic] magic_set = MagicSet(magic_set) { window: Window, value: Src<Val>, object: Src<Val>, name: AtomRef } [Traps, Calls, Binds, Allocates];
        /// `window =` what method `__str__` of `value` gives for it; where there is none, as `val_to_str`.
        [magic] magic_str = MagicStr(magic_str) { window: Window, value: Src<Val> } [Traps, Calls, Binds, Allocates];
        /// Call a host function.
        [control] call_native = CallNative { window: Window, native: NativeRef } [Traps, Calls];
        /// Call `func` in place of this frame: its results are our results.
        [control] tail_call = TailCall { window: Window, func: FuncRef } [Traps, Calls, Ends];
        /// As `tail_call`, through a function id.
        [control] tail_call_indirect = TailCallIndirect { window: Window, callee: Src<I32>, sig: SigRef } [Traps, Calls, Ends];
        /// As `tail_call`, through a value.
        [control] tail_call_value = TailCallValue { window: Window, callee: Src<Val>, sig: SigRef } [Traps, Calls, Binds, Ends];
        /// Return no result.
        [control] ret = Ret {  } [Ends];
        /// Return one result.
        [control] ret_value = RetValue { src: Src<Any> } [Ends];
        /// Return all results, from `first` on.
        [control] ret_values = RetValues { first: First } [Ends];
        /// Return `a + b`, wrapping.
        [give] ret_i32_add = RetI32Add(i32_sum) { a: Src<I32>, b: Src<I32> } [Ends];
        /// Return the number `a + b`.
        [give] ret_num_add = RetNumAdd(num_add) { a: Src<Val>, b: Src<Val> } [Ends, Traps, Allocates];
        /// Return `value` when `a < b`, signed.
        [guard] ret_i32_lt_s_imm = RetI32LtSImm(i32_lt_s) { value: Src<Any>, a: Src<I32>, b: Imm16<I32> };
        /// Return `value` when `a < b`.
        [guard] ret_val_lt_imm = RetValLtImm(val_is_lt_imm) { value: Src<Any>, a: Src<Val>, b: Imm16<I32> } [Traps];
        /// Use up `units` of fuel.
        [control] fuel = Fuel { units: Units };
        /// Trap with a code of the program's own.
        [control] trap = Trap { code: TrapCode } [Ends, Traps];
        /// Throw `value`: continue at the innermost handler around this instruction, or around the calls that led here.
        [control] throw = Throw { value: Src<Val> } [Ends, Throws];
    }};
}

use crate::codec::{Encoded, OpInfo, OperandInfo, field, layout, words};
use crate::operand::class::{Any, F32, F64, I32, I64, Val};
use crate::operand::*;

/// What running an instruction may do besides its work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It may trap.
    Traps,
    /// It may throw a value.
    Throws,
    /// It enters another function.
    Calls,
    /// What it calls may take more arguments than the instruction gives: see [`crate::MAX_BOUND_ARGUMENTS`].
    Binds,
    /// The next instruction is not reached from it.
    Ends,
    /// It may allocate, and so collect: then it has not begun, and is done again.
    Allocates,
}

/// How an engine reaches the meaning of an op: see the table in the module documentation.
#[expect(missing_docs, reason = "the module documentation has the table")]
#[allow(non_camel_case_types, reason = "the names are the table's own words")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    value,
    update,
    load,
    load_update,
    load_step,
    load_branch,
    store,
    process,
    process_store,
    object,
    object_store,
    object_update,
    make,
    branch,
    skip,
    object_branch,
    unmatched,
    latch,
    step,
    give,
    guard,
    magic,
    control,
}

macro_rules! define_ops {
    ($($(#[doc = $doc:literal])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))?
        { $($field:ident: $role:ty),* } $([$($fx:ident),*])?;)*) => {
        /// The number of an instruction.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u16)]
        pub enum Opcode { $($(#[doc = $doc])* $Camel),* }

        impl Opcode {
            /// Every op, in table order.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$Camel),*];
        }

        /// What the table says about each op, as data, indexed by number.
        pub(crate) static OPS: [OpInfo; Opcode::ALL.len()] = ROWS;

        /// The same for constant evaluation.
        pub(crate) const ROWS: [OpInfo; Opcode::ALL.len()] = [$(OpInfo {
            op: Opcode::$Camel,
            mnemonic: stringify!($snake),
            kind: Kind::$kind,
            meaning: { let _named: Option<&'static str> = None; $(let _named = Some(stringify!($meaning));)? _named },
            doc: concat!($($doc),*),
            operands: &{
                #[allow(dead_code, reason = "ops without operands")]
                const LAYOUT: [u8; 4] = layout(&[$(<$role as Operand>::BITS),*]);
                let mut _n = 0;
                [$(OperandInfo {
                    name: stringify!($field),
                    role: <$role as Operand>::ROLE,
                    bits: <$role as Operand>::BITS,
                    at: LAYOUT[{ _n += 1; _n - 1 }],
                }),*]
            },
            words: $Camel::WORDS as u8,
            effects: &[$($(Effect::$fx),*)?],
        }),*];

        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, PartialEq, Eq, Debug)]
            pub struct $Camel { $(#[doc = concat!("Operand `", stringify!($field), "`.")] pub $field: $role),* }

            impl $Camel {
                /// The number of this op.
                pub const OPCODE: Opcode = Opcode::$Camel;
                #[allow(dead_code, reason = "ops without operands")]
                const LAYOUT: [u8; 4] = layout(&[$(<$role as Operand>::BITS),*]);
                /// Words this instruction takes: 1 or 2.
                pub const WORDS: usize = words(&[$(<$role as Operand>::BITS),*]);

                /// The operands, from the instruction's word and, if it has one, its second word.
                #[inline(always)]
                pub fn decode(word: u64, second: impl FnOnce() -> u64) -> $Camel {
                    let second = if Self::WORDS == 2 { second() } else { 0 };
                    Self::of_fields(|at, bits| field(word, second, at, bits))
                }

                /// The operands, each from the field that begins at so many bits from the start of the instruction and is so
                /// wide: 16, 32 or 64.
                #[inline(always)]
                #[allow(unused_variables, unused_mut, unused_assignments, reason = "ops without operands")]
                pub fn of_fields(field: impl Fn(u8, u8) -> u64) -> $Camel {
                    let mut n = 0;
                    $(let $field = {
                        n += 1;
                        <$role as Operand>::from_bits(field(Self::LAYOUT[n - 1], <$role as Operand>::BITS))
                    };)*
                    $Camel { $($field),* }
                }

                /// The instruction's words.
                #[allow(unused_mut, unused_assignments, reason = "ops without operands")]
                pub fn encode(self) -> Encoded {
                    let mut encoded = Encoded::new(Self::OPCODE, Self::WORDS);
                    let mut _n = 0;
                    $({
                        encoded.put(Self::LAYOUT[_n], self.$field.to_bits());
                        _n += 1;
                    })*
                    encoded
                }
            }
        )*
    };
}

for_each_op!(define_ops);
