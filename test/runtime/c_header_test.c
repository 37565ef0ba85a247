/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The public header is C11, and a C program can embed the runtime. */
#include <gemel/runtime.h>

_Static_assert(sizeof(gemel_array) == 40, "part of the ABI");
_Static_assert(sizeof(gemel_trailer) == 24, "part of the ABI");

/* 0 if a launch from C gives what it should. Called by a test. */
int gemel_launch_from_c(const gemel_manifest_desc *manifest);

int gemel_launch_from_c(const gemel_manifest_desc *manifest) {
  gemel_device *device;
  gemel_library *library;
  const gemel_op *op;
  if (gemel_device_open("cpu:1", &device))
    return 1;
  if (gemel_library_from_manifest(manifest, &library))
    return 2;
  if (gemel_library_op(library, device, "step", &op))
    return 3;
  float p[3] = {1, 2, 3}, g[3] = {1, 1, 1};
  int64_t size = 3;
  int32_t count = 10;
  gemel_array p_array = {p, GEMEL_F32, 1, &size, NULL, device};
  gemel_array g_array = {g, GEMEL_F32, 1, &size, NULL, device};
  const void *args[] = {&p_array, &g_array, &count, NULL};
  if (gemel_launch(op, args, 4, NULL, 0, gemel_device_stream(device)))
    return 4;
  gemel_library_close(library);
  gemel_device_close(device);
  return p[0] == 8 && p[1] == 9 && p[2] == 10 ? 0 : 5;
}
