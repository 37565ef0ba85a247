// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the ops of a derived backward, typed as the text would be.

#ifndef GEMEL_DIALECT_GRADIENTBUILDER_H
#define GEMEL_DIALECT_GRADIENTBUILDER_H

#include "dialect/ElementwiseOps.h"
#include "dialect/ModuleOps.h"
#include "dialect/ReduceOps.h"

namespace gemel {

/// Values are f32 arrays unless said. Ops come at the builder's point, with
/// the location that `loc` has then.
class GradientBuilder {
public:
  /// `op` gives the header order of axes.
  GradientBuilder(mlir::OpBuilder &builder, OpOp op)
      : builder(builder), op(op), loc(op.getLoc()) {}

  /// An op with its operands coerced and its type inferred.
  template <typename OpTy, typename... Arguments>
  mlir::Value make(Arguments &&...arguments) {
    return typed(OpTy::create(builder, loc,
                              UntypedType::get(builder.getContext()),
                              std::forward<Arguments>(arguments)...));
  }

  mlir::Value literal(float value);
  mlir::Value integer(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b) { return make<AddOp>(a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return make<SubOp>(a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return make<MulOp>(a, b); }
  mlir::Value neg(mlir::Value a) { return make<NegOp>(a); }
  /// i1.
  mlir::Value compare(CompareKind kind, mlir::Value a, mlir::Value b) {
    return make<CompareOp>(kind, a, b);
  }
  /// d where `condition` (i1) holds, else 0: absent, not multiplied by 0.
  mlir::Value keepWhere(mlir::Value condition, mlir::Value d);
  mlir::Value dropWhere(mlir::Value condition, mlir::Value d);

  /// A condition of `keepWhere`, or of `dropWhere`.
  struct Selection {
    mlir::Value condition;
    bool keeps;
    bool operator==(const Selection &other) const {
      return condition == other.condition && keeps == other.keeps;
    }
  };
  using Selections = llvm::SmallVector<Selection, 2>;
  /// What `d` selects from, and by what, the last selection first.
  std::pair<mlir::Value, Selections> withoutSelections(mlir::Value d) const;
  /// `d` under them again.
  mlir::Value select(mlir::Value d, const Selections &selections);
  /// Where any of two lists of selections lets something through: i1.
  mlir::Value anyOf(const Selections &a, const Selections &b);

  /// pos[axis], i32.
  mlir::Value position(mlir::StringAttr axis);
  /// size[axis], i32.
  mlir::Value size(mlir::StringAttr axis);
  /// `value` with all of `axes`; the same at every position of the new ones.
  mlir::Value broadcast(mlir::Value value,
                        llvm::ArrayRef<mlir::StringAttr> axes);
  /// sum[axes](value) in the order that holds now, axes in header order; those
  /// that `value` lacks are broadcast first.
  mlir::Value sum(mlir::Value value, llvm::ArrayRef<mlir::StringAttr> axes);
  /// dot[axes](a, b), as `sum`.
  mlir::Value dot(mlir::Value a, mlir::Value b,
                  llvm::ArrayRef<mlir::StringAttr> axes);

  /// `axes` in header order.
  llvm::SmallVector<mlir::StringAttr>
  inHeaderOrder(llvm::ArrayRef<mlir::StringAttr> axes);

  mlir::OpBuilder &builder;
  OpOp op;
  mlir::Location loc;
  /// The selections made, if they are to be known; not owned.
  llvm::DenseSet<mlir::Operation *> *selected = nullptr;
  /// Of the reductions that are derived: `grad x by blocks n`; null: default.
  OrderAttr order;

private:
  mlir::Value noted(mlir::Value selection);
  mlir::Value typed(mlir::Operation *op);
  mlir::ArrayAttr listed(llvm::ArrayRef<mlir::StringAttr> axes);
  OrderAttr orderNow();
};

} // namespace gemel

#endif // GEMEL_DIALECT_GRADIENTBUILDER_H
