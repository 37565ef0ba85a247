// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attributes of the gemel dialect: header of an operator, reduction order.

#ifndef GEMEL_DIALECT_ATTRS_TD
#define GEMEL_DIALECT_ATTRS_TD

include "dialect/Dialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Gemel_Attr<string name, string attrMnemonic>
    : AttrDef<Gemel_Dialect, name> {
  let mnemonic = attrMnemonic;
}

def Gemel_CompareKind : I32EnumAttr<"CompareKind", "a comparison", [
    I32EnumAttrCase<"Lt", 0, "lt">, I32EnumAttrCase<"Le", 1, "le">,
    I32EnumAttrCase<"Gt", 2, "gt">, I32EnumAttrCase<"Ge", 3, "ge">,
    I32EnumAttrCase<"Eq", 4, "eq">, I32EnumAttrCase<"Ne", 5, "ne">]> {
  let cppNamespace = "::gemel";
}

def Gemel_ReduceKind : I32EnumAttr<"ReduceKind", "how terms are combined", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Prod", 1, "prod">,
    I32EnumAttrCase<"Max", 2, "max">, I32EnumAttrCase<"Min", 3, "min">,
    I32EnumAttrCase<"Any", 4, "any">, I32EnumAttrCase<"All", 5, "all">,
    I32EnumAttrCase<"Mean", 6, "mean">,
    I32EnumAttrCase<"Argmax", 7, "argmax">]> {
  let cppNamespace = "::gemel";
}

def Gemel_OrderKind : I32EnumAttr<"OrderKind", "a reduction order", [
    I32EnumAttrCase<"Default", 0, "default">,
    I32EnumAttrCase<"Serial", 1, "serial">,
    I32EnumAttrCase<"Blocks", 2, "blocks">,
    I32EnumAttrCase<"Free", 3, "free">]> {
  let cppNamespace = "::gemel";
}

def Gemel_OrderAttr : Gemel_Attr<"Order", "order"> {
  let summary = "the order in which a reduction combines its terms";
  let description = [{
    `default`: neighbours are combined while more than one term is left, an
    odd last one passes up unchanged, so that every aligned run of 2^k terms
    is combined on its own. `serial`: one ascending chain. `blocks n`: aligned
    blocks of n (a power of two) by the default order, block results by one
    ascending chain. `free`: any order; the value becomes matrix class.
  }];
  let parameters = (ins
    "::gemel::OrderKind":$kind,
    DefaultValuedParameter<"int64_t", "0">:$blocks);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Gemel_AxisAttr : Gemel_Attr<"Axis", "axis"> {
  let summary = "an axis of an operator's header and its facts";
  let description = [{
    `fixed`: the size, or -1 if the launch gives it. `runs` and `of`: the axis
    counts the aligned runs of `runs` positions of the axes `of` taken as one;
    its size is the product of theirs over `runs`, rounded up. Such an axis is
    no header's: the split of a reduction makes it.
  }];
  let parameters = (ins
    "::mlir::StringAttr":$name,
    DefaultValuedParameter<"int64_t", "-1">:$fixed,
    DefaultValuedParameter<"int64_t", "1">:$multiple,
    DefaultValuedParameter<"int64_t",
                           "::std::numeric_limits<int64_t>::max()">:$maximum,
    DefaultValuedParameter<"int64_t", "1">:$runs,
    OptionalParameter<"::mlir::ArrayAttr">:$of);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Gemel_DtypeVariableAttr
    : Gemel_Attr<"DtypeVariable", "dtype_variable"> {
  let summary = "a dtype variable of an operator's header and its choices";
  let parameters = (ins
    "::mlir::StringAttr":$name,
    ArrayRefParameter<"::mlir::Type">:$choices);
  let assemblyFormat = "`<` $name `,` $choices `>`";
}

def Gemel_ArgumentAttr : Gemel_Attr<"Argument", "argument"> {
  let summary = "a parameter or a result of an operator's header";
  let description = [{
    `dtype` is a dtype's word or the name of a dtype variable. A by-value
    scalar has no axes and is not an array; an array of rank 0 is.
  }];
  let parameters = (ins
    "::mlir::StringAttr":$name,
    "::mlir::StringAttr":$dtype,
    "::mlir::ArrayAttr":$axes,
    DefaultValuedParameter<"bool", "false">:$scalar,
    DefaultValuedParameter<"bool", "false">:$inout,
    DefaultValuedParameter<"bool", "false">:$gradF32,
    OptionalParameter<"::mlir::Attribute">:$defaultValue);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Gemel_MachineAttr : Gemel_Attr<"Machine", "machine"> {
  let summary = "what passes may know of a target";
  let description = [{
    A target makes one from its table of chips. `levels`: who shares work,
    outermost first; the last one's lanes run in step. `lanes`: f32 positions
    of one vector. `unroll`: vectors a step along the lane axis. `rows`: rows
    of a contraction's register tile. `chunk`: positions of the lane axis in
    one work item. `runs`: terms of one work item of a reduction that crosses
    launches. `rowRuns`: such terms where they are rows so short that half as
    many together are no more than `held`, and half as many of longer rows, up
    to a quarter of `held`; 0: as `runs`. `scratch`: f32 positions of a work
    item's own memory. `team`: the most lanes that may share a work item, each
    with registers of its own; 1 where a work item's lanes are one register.
    `access`: bytes of the widest load of such a lane. `held`: positions of the
    lane axis that one of them may hold in registers.
    `registers`: positions of a work item, of all that it reads together, that
    its lanes' registers hold. `block`: lanes that start together.
    `cache`: bytes that a unit has beside it of what it read last; 0 where only a
    program keeps anything.
    `matrixRows`, `matrixLanes`, `matrixTerms`: positions of a contraction's
    rows, lanes and terms that a work item hands to a matrix unit at a time, with
    `matrixTeam` lanes; 0 where there is none. Terms are of 16 bits, half as many
    of 32. `matrixBits`: of the widest floats that it multiplies. `matrixChain`:
    positions of an axis along which it takes values that the launch computes
    itself, of another product; 0 where it takes arrays only. `units`: what runs
    work items side by side. The rates, of one unit, order plans and predict
    times; they never change a result.
  }];
  let parameters = (ins
    "::mlir::StringAttr":$name,
    "::mlir::ArrayAttr":$levels,
    "int64_t":$lanes,
    "int64_t":$unroll,
    "int64_t":$rows,
    "int64_t":$chunk,
    "int64_t":$runs,
    "int64_t":$rowRuns,
    "int64_t":$scratch,
    "int64_t":$team,
    "int64_t":$access,
    "int64_t":$held,
    "int64_t":$registers,
    "int64_t":$block,
    "int64_t":$cache,
    "int64_t":$matrixRows,
    "int64_t":$matrixLanes,
    "int64_t":$matrixTerms,
    "int64_t":$matrixTeam,
    "int64_t":$matrixBits,
    "int64_t":$matrixChain,
    "int64_t":$units,
    "int64_t":$megabytesPerSecond,
    "int64_t":$megainstructionsPerSecond);
  let extraClassDeclaration = [{
    /// Sizes of what a plan cuts.
    struct Tiles {
      int64_t unroll, rows, chunk, runs, rowRuns, scratch, held;
    };
    Tiles getTiles() const;
    /// The machine with other ones.
    MachineAttr with(const Tiles &tiles) const;
    /// How many rows of so many positions, summed position by position, are a
    /// run; 0: they are no short rows. Whether runs of so many are such.
    int64_t rowRunOf(int64_t positions) const;
    bool areRowRuns(int64_t terms) const {
      return terms <= getRowRuns();
    }
  }];
  let assemblyFormat = "`<` struct(params) `>`";
}

def Gemel_PlanAttr : Gemel_Attr<"Plan", "plan"> {
  let summary = "how a group is walked; no plan changes a result";
  let description = [{
    `#gemel.plan<work = [T = 1, D = 4096], tile = [T = 4, D = 32], lane = D,
    grain = 4>`. `work`: the axes over which work items are cut, outermost
    first, with the positions of one item. `tile`: positions a step of the
    innermost level, for axes with more than one. `lane`: the axis along which
    vectors lie. `grain`: the fewest items worth handing to another unit.
    `scratch`: positions of the lane axis up to which a value that several
    sweeps use is kept close by; 0: it is computed again. `team`: lanes, each
    with registers of its own, that share a work item's tiles; `vector`:
    neighbouring positions of the lane axis that one of them holds together.
    `resident`: a step of the lane axis holds all of it, or a whole run, so that
    each value is loaded or computed once and stays in registers. `whole`: along
    the lane axis there are whole vectors of the machine alone. `matrix`: the
    reduced axis whose steps a matrix unit takes. `chain`: the axis of another
    product of that unit, whose operand is computed from the first one's results
    a step at a time.
  }];
  let parameters = (ins
    ArrayRefParameter<"::mlir::StringAttr">:$workAxes,
    ArrayRefParameter<"int64_t">:$workSteps,
    ArrayRefParameter<"::mlir::StringAttr">:$tileAxes,
    ArrayRefParameter<"int64_t">:$tileExtents,
    OptionalParameter<"::mlir::StringAttr">:$lane,
    DefaultValuedParameter<"int64_t", "1">:$grain,
    DefaultValuedParameter<"int64_t", "0">:$scratch,
    DefaultValuedParameter<"int64_t", "1">:$team,
    DefaultValuedParameter<"int64_t", "1">:$vector,
    DefaultValuedParameter<"bool", "false">:$resident,
    DefaultValuedParameter<"bool", "false">:$whole,
    OptionalParameter<"::mlir::StringAttr">:$matrix,
    OptionalParameter<"::mlir::StringAttr">:$chain);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Positions a step along an axis: its tile extent, or 1.
    int64_t getExtent(::mlir::StringAttr axis) const;
  }];
}

#endif // GEMEL_DIALECT_ATTRS_TD
