// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses variables and their initialisers.

#include "parser.h"

#include <cstring>

namespace cudasim {

bool Parser::variable(Space space, bool isExtern, Scope *inScope) {
  auto var = std::make_unique<Variable>();
  var->space = space;
  var->isExtern = isExtern;
  uint32_t vector = 1;
  Type type = Type::None;
  for (; peek().kind == Token::Dotted; take()) {
    std::string_view mod = peek().text;
    if (mod == ".align") {
      take();
      if (peek().kind != Token::Integer)
        return fail("expected an alignment");
      var->align = static_cast<uint32_t>(peek().bits);
    } else if (mod == ".v2" || mod == ".v4") {
      vector = mod[2] - '0';
    } else if (mod == ".ptr" || mod == ".global" || mod == ".shared" ||
               mod == ".const" || mod == ".local") {
      // What the pointer points to: a promise to the optimiser.
    } else if (Type t = typeOf(mod); t != Type::None) {
      type = t;
    } else {
      return fail("'" + std::string(mod) + "' in a declaration");
    }
  }
  if (type == Type::None || type == Type::Pred)
    return fail("a declaration without a type");
  unsigned bytes = bytesOf(type) * vector;
  do {
    auto v = std::make_unique<Variable>(*var);
    if (peek().kind != Token::Word)
      return fail("expected a name");
    Token name = take();
    uint64_t elements = 1;
    if (v->align < bytes)
      v->align = bytes;
    if (peek().is('<'))
      return fail("a family of variables");
    bool unsized = false;
    while (accept('[')) {
      if (accept(']')) {
        unsized = true;
        elements = 0;
        continue;
      }
      int64_t n;
      if (!integer(n) || !expect(']'))
        return false;
      elements *= static_cast<uint64_t>(n);
    }
    v->name = std::string(name.text);
    v->size = elements * bytes;
    if (accept('=') && !initializer(*v, bytesOf(type), isFloat(type)))
      return false;
    if (unsized && v->size == 0 && !v->init.empty())
      v->size = v->init.size();
    if (!v->init.empty())
      v->init.resize(v->size);
    if (space == Space::Shared && isExtern)
      v->isDynamicShared = true;
    else if (isExtern)
      return fail(name.line, "extern variable '" + v->name +
                                 "' has no definition in this module");
    Variable *raw = v.get();
    if (space == Space::Global || space == Space::Const) {
      raw->offset = place(*raw);
      if (!raw->offset)
        return fail(name.line, "no memory for '" + v->name + "'");
    }
    if (!inScope) {
      if (space == Space::Shared && !raw->isDynamicShared) {
        raw->offset = alignTo(module.sharedBytes, raw->align);
        module.sharedBytes = static_cast<uint32_t>(raw->offset + raw->size);
      }
      if (sharedVariables)
        sharedVariables->push_back(raw);
      std::string key = v->name;
      while (module.variables.count(key))
        key += "'";
      module.variables[key] = std::move(v);
      continue;
    }
    auto placeIn = [&](uint32_t &used) {
      raw->offset = alignTo(used, raw->align);
      used = static_cast<uint32_t>(raw->offset + raw->size);
    };
    if (space == Space::Local)
      placeIn(f->localBytes);
    else if (space == Space::LaneParam)
      placeIn(f->laneParamBytes);
    else if (space == Space::Shared && !raw->isDynamicShared)
      placeIn(f->sharedBytes);
    else if (space == Space::Global || space == Space::Const) {
      // A static of the function: one copy for the module.
      inScope->vars[name.text] = raw;
      module.variables[f->name + "::" + v->name] = std::move(v);
      continue;
    }
    inScope->vars[name.text] = raw;
    f->variables.push_back(std::move(v));
  } while (accept(','));
  return expect(';');
}

bool Parser::initializer(Variable &var, unsigned bytes, bool isFloatType) {
  auto push = [&](uint64_t bits) {
    for (unsigned i = 0; i < bytes; ++i)
      var.init.push_back(static_cast<uint8_t>(bits >> (8 * i)));
  };
  auto scalar = [&]() -> bool {
    bool minus = accept('-');
    Token t = take();
    if (t.kind == Token::Integer) {
      if (isFloatType) {
        double d = static_cast<double>(t.bits) * (minus ? -1 : 1);
        float s = static_cast<float>(d);
        uint64_t bits = 0;
        bytes == 8 ? memcpy(&bits, &d, 8) : memcpy(&bits, &s, 4);
        push(bits);
      } else {
        push(minus ? -t.bits : t.bits);
      }
      return true;
    }
    if (t.kind == Token::Float) {
      uint64_t bits = t.bits;
      if (!t.isSingle && bytes == 4) {
        double d;
        memcpy(&d, &bits, 8);
        float s = static_cast<float>(d);
        bits = 0;
        memcpy(&bits, &s, 4);
      }
      push(minus ? bits ^ (1ull << (bytes * 8 - 1)) : bits);
      return true;
    }
    if (t.kind == Token::Word) {
      bool generic = t.text == "generic" && accept('(');
      if (generic)
        t = take();
      int64_t addend = 0;
      if (generic && !expect(')'))
        return false;
      if (accept('+') && !integer(addend))
        return false;
      var.relocs.push_back({var.init.size(), std::string(t.text), addend,
                            static_cast<uint8_t>(bytes)});
      push(0);
      return true;
    }
    return fail(t.line, "expected a constant");
  };
  int depth = 0;
  if (!peek().is('{'))
    return scalar();
  do {
    while (accept('{'))
      ++depth;
    if (!peek().is('}') && !scalar())
      return false;
    while (depth && accept('}'))
      --depth;
  } while (depth && accept(','));
  return depth == 0 || fail("expected '}' after the initialiser");
}

} // namespace cudasim
