// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opening operator libraries and resolving their ops on devices.
#include "float_environment.h"
#include "handles.h"
#include "library_file.h"
#include "status.h"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <new>

using namespace gemel;

namespace {

/// Makes the handle for a verified manifest.
gemel_status makeLibrary(const gemel_manifest_desc &manifest, void *image,
                         const char *what, gemel_library **library) {
  auto *made = new (std::nothrow) gemel_library;
  if (!made)
    return fail(GEMEL_OUT_OF_MEMORY, "%s: out of memory", what);
  made->manifest = &manifest;
  made->image = image;
  *library = made;
  return GEMEL_OK;
}

const gemel_op_desc *findOp(const gemel_manifest_desc &manifest,
                            const char *name) {
  for (int32_t i = 0; i < manifest.op_count; ++i)
    if (strcmp(manifest.ops[i].name, name) == 0)
      return &manifest.ops[i];
  return nullptr;
}

/// The slot of a scalar's default; its rounding must not depend on the
/// caller's float environment.
uint64_t defaultSlot(const gemel_argument_desc &argument) {
  FloatEnvironment environment;
  uint64_t slot = 0;
  if (argument.dtype == GEMEL_F32) {
    float value = static_cast<float>(argument.default_value);
    memcpy(&slot, &value, sizeof(value));
  } else if (argument.dtype == GEMEL_I32) {
    auto value = static_cast<int32_t>(argument.default_value);
    memcpy(&slot, &value, sizeof(value));
  } else {
    auto value = static_cast<int64_t>(argument.default_value);
    memcpy(&slot, &value, sizeof(value));
  }
  return slot;
}

gemel_status failMissingTarget(const gemel_op_desc &desc,
                               const gemel_device &device) {
  Text built;
  for (int32_t i = 0; i < desc.variant_count; ++i) {
    const char *target = desc.variants[i].target;
    bool isNew = true;
    for (int32_t j = 0; j < i && isNew; ++j)
      isNew = strcmp(target, desc.variants[j].target) != 0;
    if (isNew)
      built.add("%s%s", i ? ", " : "", target);
  }
  return fail(GEMEL_MISSING_VARIANT,
              "%s: no variant runs on device '%s', the library was built for "
              "%s; build it with a --target that this device runs",
              desc.name, device.name.get(),
              desc.variant_count ? built.c_str() : "no target");
}

} // namespace

gemel_status gemel::resolveOp(const gemel_op_desc &desc, gemel_device &device,
                              gemel_op **op) {
  struct Ranked {
    const gemel_variant_desc *variant;
    int32_t rank;
  };
  std::unique_ptr<gemel_op> made(new (std::nothrow) gemel_op);
  std::unique_ptr<Ranked[]> ranked(new (std::nothrow)
                                       Ranked[desc.variant_count]);
  if (made)
    made->variants.reset(new (std::nothrow)
                             const gemel_variant_desc *[desc.variant_count]);
  if (!made || !ranked || !made->variants)
    return fail(GEMEL_OUT_OF_MEMORY, "%s: out of memory", desc.name);

  int32_t count = 0;
  for (int32_t i = 0; i < desc.variant_count; ++i) {
    const gemel_variant_desc &variant = desc.variants[i];
    if (int32_t rank = device.driver->rankTarget(device, variant.target))
      ranked[count++] = {&variant, rank};
  }
  if (count == 0)
    return failMissingTarget(desc, device);
  // Ties by address: variants of one target keep the manifest's order.
  std::sort(ranked.get(), ranked.get() + count,
            [](const Ranked &a, const Ranked &b) {
              return a.rank != b.rank ? a.rank > b.rank : a.variant < b.variant;
            });
  for (int32_t i = 0; i < count; ++i)
    made->variants[i] = ranked[i].variant;
  made->variantCount = count;
  for (int32_t i = 0; i < desc.argument_count; ++i)
    if (desc.arguments[i].has_default)
      made->defaults[i] = defaultSlot(desc.arguments[i]);
  made->desc = &desc;
  made->device = &device;
  if (gemel_status status = device.driver->load(*made))
    return status;
  *op = made.release();
  return GEMEL_OK;
}

gemel_status gemel_library_open(const char *path, gemel_library **library) {
  if (!path || !library)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_library_open: '%s' is null; pass %s",
                path ? "library" : "path",
                path ? "where to put the handle" : "the file's path");
  if (gemel_status status = checkLibraryFile(path))
    return status;

  // With a slash the loader opens that very file and searches nowhere.
  std::unique_ptr<char[]> local;
  const char *loaded = path;
  if (!strchr(path, '/')) {
    size_t bytes = strlen(path) + sizeof("./");
    local.reset(new (std::nothrow) char[bytes]);
    if (!local)
      return fail(GEMEL_OUT_OF_MEMORY, "'%s': out of memory", path);
    memcpy(local.get(), "./", 2);
    memcpy(local.get() + 2, path, bytes - 2);
    loaded = local.get();
  }
  void *image = dlopen(loaded, RTLD_NOW | RTLD_LOCAL);
  if (!image)
    return fail(GEMEL_DAMAGED_LIBRARY,
                "'%s': the loader refuses the library (%s); build it again "
                "with gemelc",
                path, dlerror());
  auto *manifest = static_cast<const gemel_manifest_desc *>(
      dlsym(image, GEMEL_MANIFEST_SYMBOL));
  gemel_status status;
  Text what;
  what.add("'%s'", path);
  if (manifest)
    status = checkManifest(*manifest, what.c_str());
  else
    status = fail(GEMEL_DAMAGED_LIBRARY,
                  "'%s': the library exports no symbol '%s'; build it with "
                  "gemelc",
                  path, GEMEL_MANIFEST_SYMBOL);
  if (!status)
    status = makeLibrary(*manifest, image, what.c_str(), library);
  if (status)
    dlclose(image);
  return status;
}

gemel_status gemel_library_from_manifest(const gemel_manifest_desc *manifest,
                                         gemel_library **library) {
  if (!manifest || !library)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_library_from_manifest: '%s' is null; pass %s",
                manifest ? "library" : "manifest",
                manifest ? "where to put the handle" : "a manifest's address");
  constexpr const char *kWhat = "linked-in library";
  if (gemel_status status = checkManifest(*manifest, kWhat))
    return status;
  return makeLibrary(*manifest, nullptr, kWhat, library);
}

void gemel_library_close(gemel_library *library) {
  if (!library)
    return;
  while (gemel_op *op = library->ops) {
    library->ops = op->next;
    op->device->driver->unload(*op);
    releaseDevice(*op->device);
    delete op;
  }
  if (library->image)
    dlclose(library->image);
  delete library;
}

const gemel_manifest_desc *
gemel_library_manifest(const gemel_library *library) {
  return library ? library->manifest : nullptr;
}

gemel_status gemel_library_op(gemel_library *library, gemel_device *device,
                              const char *name, const gemel_op **op) {
  if (!library || !device || !name || !op)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_library_op: '%s' is null; pass all four arguments",
                !library  ? "library"
                : !device ? "device"
                : !name   ? "name"
                          : "op");
  const gemel_op_desc *desc = findOp(*library->manifest, name);
  if (!desc)
    return fail(GEMEL_NOT_FOUND,
                "%s: the library has no operator of this name among its %d; "
                "gemel_library_manifest lists them",
                name, library->manifest->op_count);

  std::lock_guard<std::mutex> lock(library->mutex);
  for (gemel_op *known = library->ops; known; known = known->next)
    if (known->desc == desc && known->device == device) {
      *op = known;
      return GEMEL_OK;
    }
  gemel_op *made;
  if (gemel_status status = resolveOp(*desc, *device, &made))
    return status;
  retainDevice(*device);
  made->next = library->ops;
  library->ops = made;
  *op = made;
  return GEMEL_OK;
}

const char *gemel_op_note(const gemel_op *op) {
  return op && op->note ? op->note.get() : "";
}

const gemel_op_desc *gemel_op_description(const gemel_op *op) {
  return op ? op->desc : nullptr;
}

gemel_status gemel_library_pair(const gemel_library *library, const char *name,
                                const gemel_pair_desc **pair) {
  if (!library || !name || !pair)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_library_pair: '%s' is null; pass all three arguments",
                !library ? "library"
                : !name  ? "name"
                         : "pair");
  const gemel_manifest_desc &manifest = *library->manifest;
  for (int32_t i = 0; i < manifest.pair_count; ++i)
    if (strcmp(manifest.ops[manifest.pairs[i].forward].name, name) == 0) {
      *pair = &manifest.pairs[i];
      return GEMEL_OK;
    }
  return fail(GEMEL_NOT_FOUND,
              "%s: the library has no backward of an operator of this name; "
              "build it with gemelc --backward",
              name);
}
