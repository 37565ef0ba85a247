// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses a function's body: registers, labels, instructions and operands.

#include "parser.h"

#include <cstring>

namespace cudasim {

Ref Parser::allocate(uint8_t bytes, uint32_t count) {
  uint32_t align = bytes ? 64 : 4, size = bytes ? bytes * kWarpSize : 4;
  Ref ref;
  ref.off = (f->regBytes + align - 1) / align * align;
  ref.bytes = bytes;
  f->regBytes = ref.off + size * count;
  return ref;
}

Ref Parser::findRegister(std::string_view name) const {
  std::string_view family = name;
  while (!family.empty() && isdigit(static_cast<unsigned char>(family.back())))
    family.remove_suffix(1);
  uint32_t index = 0;
  for (char c : name.substr(family.size()))
    index = index * 10 + (c - '0');
  for (int s = scope; s >= 0; s = scopes[s].parent) {
    if (auto it = scopes[s].regs.find(name); it != scopes[s].regs.end())
      return it->second;
    auto it = scopes[s].families.find(family);
    if (it != scopes[s].families.end() && family.size() < name.size() &&
        index < it->second.count) {
      Ref ref;
      ref.bytes = it->second.bytes;
      ref.off =
          it->second.off + index * (ref.bytes ? ref.bytes * kWarpSize : 4);
      return ref;
    }
  }
  return {};
}

Variable *Parser::findVariable(std::string_view name) const {
  for (int s = scope; s >= 0; s = scopes[s].parent)
    if (auto it = scopes[s].vars.find(name); it != scopes[s].vars.end())
      return it->second;
  auto it = module.variables.find(std::string(name));
  return it == module.variables.end() ? nullptr : it->second.get();
}

bool Parser::registers() {
  if (peek().kind != Token::Dotted)
    return fail("expected a register type");
  Token typeToken = take();
  Type type = typeOf(typeToken.text);
  if (type == Type::None || type == Type::B128)
    return fail(typeToken.line, "registers of type '" +
                                    std::string(typeToken.text) +
                                    "' are not simulated");
  uint8_t bytes = static_cast<uint8_t>(bytesOf(type));
  do {
    if (peek().kind != Token::Word)
      return fail("expected a register's name");
    std::string_view name = take().text;
    if (!accept('<')) {
      scopes[scope].regs[name] = allocate(bytes);
      f->registerCount += bytes > 4 ? 2 : 1;
      continue;
    }
    int64_t count;
    if (!integer(count) || !expect('>'))
      return false;
    Ref first = allocate(bytes, static_cast<uint32_t>(count));
    scopes[scope].families[name] = {static_cast<uint32_t>(count), first.off,
                                    bytes};
    f->registerCount += static_cast<uint32_t>(count) * (bytes > 4 ? 2 : 1);
  } while (accept(','));
  return expect(';');
}

bool Parser::location() {
  int64_t file, line, column;
  if (!integer(file) || !integer(line) || !integer(column))
    return false;
  locFile = static_cast<uint32_t>(file);
  locLine = static_cast<uint32_t>(line);
  while (accept(',')) {
    if (accept("function_name")) {
      take();
      int64_t offset;
      if (accept('+') && !integer(offset))
        return false;
    } else if (accept("inlined_at")) {
      for (int i = 0; i < 3; ++i)
        if (int64_t ignored; !integer(ignored))
          return false;
    } else {
      return fail("an attribute of .loc that the simulator does not know");
    }
  }
  return true;
}

bool Parser::addressOperand(Operand &operand) {
  operand.kind = Operand::Address;
  bool minus = accept('-');
  if (minus || peek().kind == Token::Integer) {
    if (!integer(operand.imm))
      return false;
    if (minus)
      operand.imm = -operand.imm;
    return expect(']');
  }
  Token base = take();
  if (base.kind != Token::Word)
    return fail(base.line, "an address without a base");
  operand.name = std::string(base.text);
  operand.reg = findRegister(base.text);
  if (!operand.reg.valid())
    operand.var = findVariable(base.text);
  if (!operand.reg.valid() && !operand.var)
    return fail(base.line, "'" + operand.name + "' is not declared");
  if (accept('+') || peek().is('-')) {
    if (!integer(operand.imm))
      return false;
  }
  if (peek().is(','))
    return fail("tensor coordinates are not simulated yet");
  return expect(']');
}

bool Parser::operand(Operand &operand) {
  if (accept('!'))
    operand.negated = true;
  if (accept('{')) {
    operand.kind = Operand::Vector;
    do {
      Operand element;
      if (!this->operand(element))
        return false;
      operand.elements.push_back(std::move(element));
    } while (accept(','));
    return expect('}');
  }
  if (accept('['))
    return addressOperand(operand);
  bool minus = accept('-');
  Token t = take();
  if (t.kind == Token::Integer) {
    operand.kind = Operand::Int;
    operand.imm = static_cast<int64_t>(minus ? -t.bits : t.bits);
    return true;
  }
  if (t.kind == Token::Float) {
    operand.kind = Operand::Float;
    operand.isSingle = t.isSingle;
    operand.bits =
        minus ? t.bits ^ (t.isSingle ? 1ull << 31 : 1ull << 63) : t.bits;
    return true;
  }
  if (t.kind != Token::Word || minus)
    return fail(t.line,
                "expected an operand before '" + std::string(t.text) + "'");
  if (t.text == "_") {
    operand.kind = Operand::Sink;
  } else if (t.text == "WARP_SZ") {
    operand.kind = Operand::Int;
    operand.imm = kWarpSize;
    return true;
  } else if (Ref reg = findRegister(t.text); reg.valid()) {
    operand.kind = Operand::Reg;
    operand.reg = reg;
    operand.reg.negated = operand.negated;
  } else if (Variable *var = findVariable(t.text)) {
    operand.kind = Operand::Symbol;
    operand.var = var;
    operand.name = std::string(t.text);
    if (accept('+') && !integer(operand.imm))
      return false;
  } else if (t.text[0] == '%') {
    operand.kind = Operand::Special;
    operand.name = std::string(t.text);
    while (peek().kind == Token::Dotted)
      operand.name += take().text;
  } else {
    operand.kind = Operand::Label;
    operand.name = std::string(t.text);
  }
  if (!accept('|'))
    return true;
  Operand pair;
  pair.kind = Operand::Pair;
  pair.elements.push_back(operand);
  Operand second;
  if (!this->operand(second))
    return false;
  pair.elements.push_back(std::move(second));
  operand = std::move(pair);
  return true;
}

bool Parser::callInstruction(Instr &instr) {
  instr.flow = Flow::Call;
  instr.call = std::make_shared<CallSite>();
  instr.call->line = instr.line;
  while (peek().kind == Token::Dotted)
    if (take().text != ".uni")
      return fail("a modifier of call that the simulator does not know");
  auto list = [&](std::vector<Variable *> &out) {
    do {
      if (peek().is(')'))
        break;
      Token t = take();
      Variable *var = t.kind == Token::Word ? findVariable(t.text) : nullptr;
      if (!var || var->space != Space::LaneParam)
        return fail(t.line, "call parameters have to be .param variables");
      out.push_back(var);
    } while (accept(','));
    return expect(')');
  };
  if (accept('(') && (!list(instr.call->results) || !expect(',')))
    return false;
  Token name = take();
  if (name.kind != Token::Word || findRegister(name.text).valid())
    return fail(name.line, "indirect calls are not simulated");
  instr.call->name = std::string(name.text);
  if (accept(',') && (!expect('(') || !list(instr.call->args)))
    return false;
  if (accept(','))
    return fail("call through a prototype is not simulated");
  return expect(';');
}

bool Parser::instruction() {
  Instr instr;
  instr.line = peek().line;
  instr.file = locFile;
  instr.fileLine = locLine;
  if (accept('@')) {
    bool negated = accept('!');
    Token t = take();
    instr.pred = findRegister(t.text);
    if (!instr.pred.valid() || instr.pred.bytes != 0)
      return fail(t.line, "'" + std::string(t.text) + "' is no predicate");
    instr.pred.negated = negated;
  }
  if (peek().kind != Token::Word)
    return fail("expected an instruction");
  Statement s;
  Token op = take();
  s.op = op.text;
  if (s.op == "call") {
    if (!callInstruction(instr))
      return false;
    f->code.push_back(std::move(instr));
    return true;
  }
  while (peek().kind == Token::Dotted) {
    std::string_view mod = take().text;
    if (mod[0] == ':' && !s.mods.empty()) {
      // .shared::cta is one modifier; its two tokens touch in the text.
      std::string_view &last = s.mods.back();
      last =
          std::string_view(last.data(), mod.data() + mod.size() - last.data());
      continue;
    }
    s.mods.push_back(mod);
  }
  if (!accept(';')) {
    do {
      Operand o;
      if (!operand(o))
        return false;
      s.operands.push_back(std::move(o));
    } while (accept(','));
    if (!expect(';'))
      return false;
  }
  auto it = decoders().find(s.op);
  if (it == decoders().end())
    return fail(instr.line,
                "instruction '" + std::string(s.op) + "' is not simulated");
  uint32_t line = instr.line;
  Decoder decoder(module, *f, s, instr, capability);
  if (!it->second(decoder))
    return fail(line, decoder.error.empty()
                          ? "an unknown form of '" + std::string(s.op) + "'"
                          : decoder.error);
  if (!decoder.rest().empty())
    return fail(line, "modifier '" + std::string(decoder.rest()) + "' of '" +
                          std::string(s.op) + "' is not simulated");
  if (instr.flow == Flow::Branch || instr.flow == Flow::Table)
    fixups.push_back({uint32_t(f->code.size()), scope, s.operands.back().name,
                      instr.flow == Flow::Table});
  f->code.push_back(std::move(instr));
  return true;
}

bool Parser::statement() {
  if (accept('{')) {
    scopes.push_back(Scope{scope, {}, {}, {}, {}, {}});
    scope = static_cast<int>(scopes.size()) - 1;
    return true;
  }
  if (peek().kind == Token::Word && peek(1).is(':')) {
    std::string_view name = take().text;
    take();
    if (accept(".branchtargets")) {
      auto &table = scopes[scope].tables[name];
      do
        table.push_back(take().text);
      while (accept(','));
      return expect(';');
    }
    if (peek().is(".callprototype") || peek().is(".calltargets"))
      return fail("indirect calls are not simulated");
    scopes[scope].labels[name] = static_cast<uint32_t>(f->code.size());
    return true;
  }
  if (accept(".reg"))
    return registers();
  if (accept(".loc"))
    return location();
  if (accept(".pragma")) {
    take();
    return expect(';');
  }
  if (accept(".local"))
    return variable(Space::Local, false, &scopes[scope]);
  if (accept(".param"))
    return variable(Space::LaneParam, false, &scopes[scope]);
  if (accept(".global"))
    return variable(Space::Global, false, &scopes[scope]);
  if (accept(".const"))
    return variable(Space::Const, false, &scopes[scope]);
  if (peek().is(".shared")) {
    auto it = sharedEnds.find(at);
    if (it == sharedEnds.end()) {
      take();
      return variable(Space::Shared, false, &scopes[scope]);
    }
    for (Variable *var : sharedOf[at])
      scopes[scope].vars[var->name] = var;
    at = it->second;
    return true;
  }
  if (accept(".extern")) {
    if (!accept(".shared"))
      return fail("an extern variable in a function");
    return variable(Space::Shared, true, &scopes[scope]);
  }
  if (accept(';'))
    return true;
  if (peek().kind == Token::Dotted)
    return fail("'" + std::string(peek().text) +
                "' is not a directive that the simulator knows");
  return instruction();
}

bool Parser::body(Function &fn) {
  f = &fn;
  fixups.clear();
  locFile = locLine = 0;
  if (fn.isEntry)
    fn.sharedBytes = module.sharedBytes;
  fn.dynamicShared = allocate(4);
  fn.dynamicShared64 = allocate(8);
  fn.localBase = allocate(4);
  fn.localBase64 = allocate(8);
  while (!(scope == 0 && accept('}'))) {
    if (peek().kind == Token::End)
      return fail("a function without an end");
    if (accept('}'))
      scope = scopes[scope].parent;
    else if (!statement())
      return false;
  }
  Instr end;
  end.flow = Flow::Boundary;
  end.line = tokens[at - 1].line;
  fn.code.push_back(std::move(end));
  return resolveLabels();
}

bool Parser::resolveLabels() {
  auto find = [&](int from, std::string_view name, uint32_t &index) {
    for (int s = from; s >= 0; s = scopes[s].parent)
      if (auto it = scopes[s].labels.find(name); it != scopes[s].labels.end()) {
        index = it->second;
        return true;
      }
    return false;
  };
  for (const Fixup &fixup : fixups) {
    Instr &instr = f->code[fixup.instr];
    if (!fixup.table) {
      if (!find(fixup.scope, fixup.label, instr.target))
        return fail(instr.line, "no label '" + fixup.label + "'");
      continue;
    }
    const std::vector<std::string_view> *table = nullptr;
    for (int s = fixup.scope; s >= 0 && !table; s = scopes[s].parent)
      if (auto it = scopes[s].tables.find(fixup.label);
          it != scopes[s].tables.end())
        table = &it->second;
    if (!table)
      return fail(instr.line, "no branch targets '" + fixup.label + "'");
    for (std::string_view label : *table) {
      uint32_t index;
      if (!find(fixup.scope, label, index))
        return fail(instr.line, "no label '" + std::string(label) + "'");
      instr.targets.push_back(index);
    }
  }
  return true;
}

} // namespace cudasim
