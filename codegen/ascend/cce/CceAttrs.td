// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The dialect's enumerations as attributes.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCEATTRS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCEATTRS_TD

include "codegen/ascend/cce/CceBase.td"

def Cce_PipeAttr : Cce_EnumAttr<Cce_Pipe, "pipe">;
def Cce_UnitAttr : Cce_EnumAttr<Cce_Unit, "unit">;
def Cce_RelationAttr : Cce_EnumAttr<Cce_Relation, "relation">;

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCEATTRS_TD
