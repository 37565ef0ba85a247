// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses a module's directives: signatures, attributes, calls' parameters.

#include "parser.h"

#include <cstring>

namespace cudasim {

bool Parser::fail(uint32_t line, std::string sentence) {
  if (error.empty()) {
    error = "PTX line " + std::to_string(line) + ": " + sentence;
    if (line && line <= module.lines.size()) {
      std::string_view text = module.lines[line - 1];
      size_t first = text.find_first_not_of(" \t");
      if (first != text.npos)
        error += ": `" + std::string(text.substr(first)) + "`";
    }
  }
  return false;
}

const Token &Parser::peek(size_t n) const {
  return tokens[std::min(at + n, tokens.size() - 1)];
}

bool Parser::accept(char c) {
  if (!peek().is(c))
    return false;
  ++at;
  return true;
}

bool Parser::accept(std::string_view word) {
  if (!peek().is(word))
    return false;
  ++at;
  return true;
}

bool Parser::expect(char c) {
  if (accept(c))
    return true;
  return fail(std::string("expected '") + c + "' before '" +
              std::string(peek().text) + "'");
}

bool Parser::integer(int64_t &value) {
  bool minus = accept('-');
  if (peek().kind != Token::Integer)
    return fail("expected an integer");
  value = static_cast<int64_t>(take().bits);
  if (minus)
    value = -value;
  return true;
}

bool Parser::header() {
  if (!accept(".version"))
    return fail("expected .version first");
  // "9.0" reads as a decimal number.
  Token t = take();
  double version = 0;
  if (t.kind == Token::Float)
    memcpy(&version, &t.bits, 8);
  module.version = static_cast<uint32_t>(version * 10 + 0.5);
  if (!module.version)
    return fail(t.line, "expected a PTX version");
  if (!accept(".target") || peek().kind != Token::Word)
    return fail("expected .target after .version");
  module.target = std::string(take().text);
  while (accept(','))
    take();
  return true;
}

bool Parser::skipSection() {
  while (peek().kind != Token::End && !peek().is('{'))
    take();
  if (!expect('{'))
    return false;
  while (peek().kind != Token::End && !peek().is('}'))
    take();
  return expect('}');
}

bool Parser::fileDirective() {
  int64_t index;
  if (!integer(index))
    return false;
  if (peek().kind != Token::String)
    return fail("expected a file name");
  module.files[static_cast<uint32_t>(index)] = std::string(take().text);
  while (accept(','))
    take();
  return true;
}

bool Parser::directive() {
  bool isExtern = false;
  for (;;) {
    if (accept(".extern"))
      isExtern = true;
    else if (!accept(".visible") && !accept(".weak") && !accept(".common"))
      break;
  }
  if (accept(".entry"))
    return function(true);
  if (accept(".func"))
    return function(false);
  if (accept(".global"))
    return variable(Space::Global, isExtern, nullptr);
  if (accept(".const"))
    return variable(Space::Const, isExtern, nullptr);
  if (peek().is(".shared")) {
    at = sharedEnds[at];
    return true;
  }
  if (accept(".address_size")) {
    int64_t bits;
    if (!integer(bits))
      return false;
    return bits == 64 || fail("only 64-bit addresses are simulated");
  }
  if (accept(".file"))
    return fileDirective();
  if (accept(".section"))
    return skipSection();
  if (accept(".pragma")) {
    take();
    return expect(';');
  }
  return fail("'" + std::string(peek().text) +
              "' is not a directive that the simulator knows");
}

bool Parser::parameters(Function &fn, std::vector<Variable *> &list,
                        bool results) {
  while (!accept(')')) {
    if (!list.empty() && !expect(','))
      return false;
    if (!accept(".param"))
      return fail("expected .param");
    auto var = std::make_unique<Variable>();
    var->space = fn.isEntry ? Space::Param : Space::LaneParam;
    Type type = Type::None;
    while (peek().kind == Token::Dotted) {
      std::string_view mod = take().text;
      if (mod == ".align") {
        int64_t align;
        if (!integer(align))
          return false;
        // After .ptr it speaks of what is pointed to.
        if (type == Type::None)
          var->align = static_cast<uint32_t>(align);
      } else if (Type t = typeOf(mod); t != Type::None) {
        type = t;
      } else if (mod != ".ptr" && mod != ".global" && mod != ".shared" &&
                 mod != ".const" && mod != ".local") {
        return fail("'" + std::string(mod) + "' in a parameter");
      }
    }
    if (peek().kind != Token::Word)
      return fail("expected a parameter's name");
    Token name = take();
    var->name = std::string(name.text);
    var->size = bytesOf(type);
    var->align = std::max(var->align, bytesOf(type));
    if (accept('[')) {
      int64_t n;
      if (!integer(n) || !expect(']'))
        return false;
      var->size *= static_cast<uint64_t>(n);
    }
    uint32_t &used = fn.isEntry ? fn.paramBytes : fn.laneParamBytes;
    var->offset = alignTo(used, var->align);
    used = static_cast<uint32_t>(var->offset + var->size);
    list.push_back(var.get());
    scopes[0].vars[name.text] = var.get();
    fn.variables.push_back(std::move(var));
  }
  (void)results;
  return true;
}

bool Parser::attributes(Function &fn) {
  auto dims = [&](uint32_t (&out)[3]) {
    out[0] = out[1] = out[2] = 1;
    for (int i = 0; i < 3; ++i) {
      int64_t n;
      if (!integer(n))
        return false;
      out[i] = static_cast<uint32_t>(n);
      if (!accept(','))
        break;
    }
    return true;
  };
  auto one = [&](uint32_t &out) {
    int64_t n;
    if (!integer(n))
      return false;
    out = static_cast<uint32_t>(n);
    return true;
  };
  uint32_t ignored[3];
  for (;;) {
    bool ok = true;
    if (accept(".maxntid"))
      ok = dims(fn.maxThreads);
    else if (accept(".reqntid"))
      ok = dims(fn.requiredThreads);
    else if (accept(".minnctapersm"))
      ok = one(fn.minCtas);
    else if (accept(".maxnctapersm") || accept(".maxclusterrank"))
      ok = one(ignored[0]);
    else if (accept(".maxnreg"))
      ok = one(fn.maxRegisters);
    else if (accept(".reqnctapercluster")) {
      ok = dims(ignored);
      if (ok && ignored[0] * ignored[1] * ignored[2] > 1)
        return fail("clusters of more than one CTA are not simulated yet");
    } else if (accept(".pragma"))
      take();
    else if (!accept(".noreturn") && !accept(".explicitcluster"))
      return true;
    if (!ok)
      return false;
    accept(';');
  }
}

bool Parser::function(bool isEntry) {
  auto fn = std::make_unique<Function>();
  fn->isEntry = isEntry;
  fn->line = peek().line;
  scopes.assign(1, Scope{-1, {}, {}, {}, {}, {}});
  scope = 0;
  f = fn.get();
  if (accept('(') && !parameters(*fn, fn->results, true))
    return false;
  if (peek().kind != Token::Word)
    return fail("expected a function's name");
  fn->name = std::string(take().text);
  if (accept('(') && !parameters(*fn, fn->params, false))
    return false;
  if (!attributes(*fn))
    return false;
  auto &slot = module.functions[fn->name];
  if (accept(';')) {
    if (!slot)
      slot = std::move(fn);
    return true;
  }
  if (!expect('{'))
    return false;
  fn->defined = true;
  // A declaration may have been called already: keep its address.
  if (slot && !slot->defined)
    *slot = std::move(*fn);
  else if (slot)
    return fail("function '" + slot->name + "' is defined twice");
  else
    slot = std::move(fn);
  f = slot.get();
  return body(*f);
}

bool Parser::resolveModule() {
  for (auto &[name, fn] : module.functions) {
    // The race detector keeps instructions in 20 bits.
    if (module.instructions.size() + fn->code.size() >= 1u << 20)
      return fail(fn->line, "a module of more than 2^20 instructions");
    for (Instr &instr : fn->code) {
      instr.id = static_cast<uint32_t>(module.instructions.size());
      module.instructions.push_back(&instr);
      if (!instr.call)
        continue;
      CallSite &call = *instr.call;
      auto it = module.functions.find(call.name);
      if (it == module.functions.end() || !it->second->defined)
        return fail(call.line, "call of '" + call.name +
                                   "', which this module does not define");
      call.callee = it->second.get();
      if (call.args.size() != call.callee->params.size() ||
          call.results.size() != call.callee->results.size())
        return fail(call.line, "call of '" + call.name +
                                   "' with another number of parameters");
      for (size_t i = 0; i < call.args.size(); ++i) {
        Variable *from = call.args[i], *to = call.callee->params[i];
        if (from->size != to->size)
          return fail(call.line, "parameter " + std::to_string(i) + " of '" +
                                     call.name + "' has another size");
        call.in.push_back(
            {uint32_t(from->offset), uint32_t(to->offset), uint32_t(to->size)});
      }
      for (size_t i = 0; i < call.results.size(); ++i) {
        Variable *to = call.results[i], *from = call.callee->results[i];
        call.out.push_back({uint32_t(from->offset), uint32_t(to->offset),
                            uint32_t(std::min(to->size, from->size))});
      }
    }
    findMeetingPoints(*fn);
  }
  return true;
}

/// Places the shared variables that belong to no kernel first, so that a
/// kernel's own can follow them at addresses known while it is decoded.
bool Parser::layOutShared() {
  int depth = 0;
  bool inEntry = false, isExtern = false;
  for (at = 0; peek().kind != Token::End;) {
    const Token &t = peek();
    if (t.is('{'))
      ++depth;
    else if (t.is('}'))
      --depth;
    else if (depth == 0 && (t.is(".entry") || t.is(".func")))
      inEntry = t.is(".entry");
    bool inHeader = at && (tokens[at - 1].is(".ptr") ||
                           tokens[at - 1].is('(') || tokens[at - 1].is(','));
    if (t.is(".shared") && !inHeader && (depth == 0 || !inEntry)) {
      size_t key = at++;
      sharedVariables = &sharedOf[key];
      if (!variable(Space::Shared, isExtern, nullptr))
        return false;
      sharedEnds[key] = at;
      continue;
    }
    isExtern = t.is(".extern") || (isExtern && t.is(".visible"));
    ++at;
  }
  sharedVariables = nullptr;
  return true;
}

bool Parser::run() {
  uint32_t line;
  std::string sentence;
  if (!tokenize(module.text, tokens, line, sentence))
    return fail(line, sentence);
  if (!header())
    return false;
  size_t start = at;
  if (!layOutShared())
    return false;
  at = start;
  while (peek().kind != Token::End)
    if (!directive())
      return false;
  return resolveModule();
}

} // namespace cudasim
