// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of drivers and the life of devices.
#include "driver.h"
#include "handles.h"
#include "status.h"

#include <cstdlib>
#include <cstring>
#include <new>

using namespace gemel;

namespace {

constexpr const Driver *kDrivers[] = {&kCpuDriver, &kCudaDriver,
                                      &kAscendDriver};

std::mutex devicesMutex;
gemel_device *devices = nullptr;

const Driver *findDriver(const char *name, size_t length) {
  for (const Driver *driver : kDrivers)
    if (strlen(driver->name) == length &&
        strncmp(driver->name, name, length) == 0)
      return driver;
  return nullptr;
}

} // namespace

int gemel::parseOrdinal(const char *text) {
  char *end;
  long value = strtol(text, &end, 10);
  bool isDigit = *text >= '0' && *text <= '9';
  return isDigit && *end == '\0' && value < 1024 ? static_cast<int>(value) : -1;
}

void gemel::retainDevice(gemel_device &device) {
  device.references.fetch_add(1, std::memory_order_relaxed);
}

void gemel::releaseDevice(gemel_device &device) {
  if (device.references.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  {
    std::lock_guard<std::mutex> lock(devicesMutex);
    gemel_device **link = &devices;
    while (*link != &device)
      link = &(*link)->next;
    *link = device.next;
  }
  device.driver->close(device);
  delete &device;
}

const char *gemel::describeDevice(const gemel_device *handle) {
  std::lock_guard<std::mutex> lock(devicesMutex);
  for (const gemel_device *device = devices; device; device = device->next)
    if (device == handle)
      return device->name.get();
  return handle ? "not open" : "null";
}

gemel_status gemel_device_open(const char *name, gemel_device **device) {
  if (!name || !device)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_device_open: '%s' is null; pass %s",
                name ? "device" : "name",
                name ? "where to put the handle" : "a name such as \"cpu\"");
  const char *colon = strchr(name, ':');
  size_t kindLength = colon ? static_cast<size_t>(colon - name) : strlen(name);
  const Driver *driver = findDriver(name, kindLength);
  if (!driver)
    return fail(GEMEL_NOT_FOUND,
                "device '%s': no driver has this name; open 'cpu', 'cpu:N' "
                "(N threads), 'cuda:N' or 'ascend:N' (chip N)",
                name);

  std::unique_ptr<gemel_device> opened(new (std::nothrow) gemel_device);
  size_t nameBytes = strlen(name) + 1;
  if (opened)
    opened->name.reset(new (std::nothrow) char[nameBytes]);
  if (!opened || !opened->name)
    return fail(GEMEL_OUT_OF_MEMORY, "device '%s': out of memory", name);
  memcpy(opened->name.get(), name, nameBytes);
  opened->driver = driver;
  if (gemel_status status = driver->open(*opened, colon ? colon + 1 : nullptr))
    return status;

  std::lock_guard<std::mutex> lock(devicesMutex);
  opened->next = devices;
  devices = opened.get();
  *device = opened.release();
  return GEMEL_OK;
}

void gemel_device_close(gemel_device *device) {
  if (device)
    releaseDevice(*device);
}

const char *gemel_device_name(const gemel_device *device) {
  return device ? device->name.get() : "";
}

int32_t gemel_device_thread_count(const gemel_device *device) {
  return device ? device->threadCount : 0;
}

gemel_stream gemel_device_stream(const gemel_device *device) {
  return device ? device->stream : nullptr;
}

gemel_status gemel_device_set_enqueue(gemel_device *device, gemel_enqueue hook,
                                      void *data) {
  if (!device)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_device_set_enqueue: 'device' is null; pass an open "
                "device");
  device->enqueue = hook;
  device->enqueueData = data;
  return GEMEL_OK;
}

// --- Memory and streams ----------------------------------------------------

gemel_status gemel_memory_allocate(gemel_device *device, size_t bytes,
                                   void **memory) {
  if (!device || !memory)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_memory_allocate: '%s' is null; pass %s",
                device ? "memory" : "device",
                device ? "where to put the address" : "an open device");
  if (bytes == 0) {
    *memory = nullptr;
    return GEMEL_OK;
  }
  return device->driver->allocate(*device, bytes, memory);
}

void gemel_memory_free(gemel_device *device, void *memory) {
  if (device && memory)
    device->driver->free(*device, memory);
}

gemel_status gemel_memory_copy(gemel_device *device, void *to, const void *from,
                               size_t bytes, gemel_stream stream) {
  if (!device || (bytes && (!to || !from)))
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_memory_copy: '%s' is null; pass memory of %zu bytes",
                !device ? "device"
                : !to   ? "to"
                        : "from",
                bytes);
  return bytes ? device->driver->copy(*device, to, from, bytes, stream)
               : GEMEL_OK;
}

gemel_status gemel_memory_fill(gemel_device *device, void *memory, uint8_t byte,
                               size_t bytes, gemel_stream stream) {
  if (!device || (bytes && !memory))
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_memory_fill: '%s' is null; pass memory of %zu bytes",
                device ? "memory" : "device", bytes);
  return bytes ? device->driver->fill(*device, memory, byte, bytes, stream)
               : GEMEL_OK;
}

gemel_status gemel_stream_create(gemel_device *device, gemel_stream *stream) {
  if (!device || !stream)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_stream_create: '%s' is null; pass %s",
                device ? "stream" : "device",
                device ? "where to put the stream" : "an open device");
  return device->driver->createStream(*device, stream);
}

void gemel_stream_destroy(gemel_device *device, gemel_stream stream) {
  if (device && stream)
    device->driver->destroyStream(*device, stream);
}

gemel_status gemel_stream_synchronize(gemel_device *device,
                                      gemel_stream stream) {
  if (!device)
    return fail(GEMEL_INVALID_ARGUMENT,
                "gemel_stream_synchronize: 'device' is null; pass the "
                "stream's device");
  return device->driver->synchronize(*device, stream);
}
