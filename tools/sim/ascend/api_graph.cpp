// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Capture of a stream's work, and its replay (aclmdlRI).

#include "driver.h"

#include <algorithm>

using namespace ascendsim;

namespace ascendsim {

/// Leaves a captured stream and all that joined it.
static void release(Capture &capture) {
  for (auto &stream : currentContext()->streams)
    if (stream->capture.get() == &capture)
      stream->capture.reset();
}

} // namespace ascendsim

ACL_API aclError aclmdlRICaptureBegin(aclrtStream handle, aclmdlRICaptureMode) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  if (stream == currentContext()->standard)
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "the default stream cannot be captured: create one");
  if (stream->capture)
    return ACL_ERROR_RT_PARAM_INVALID;
  stream->capture = std::make_shared<Capture>();
  stream->capture->origin = stream;
  return ACL_SUCCESS;
}

ACL_API aclError aclmdlRICaptureEnd(aclrtStream handle, aclmdlRI *model) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream || !model || !stream->capture ||
      stream->capture->origin != stream)
    return ACL_ERROR_RT_PARAM_INVALID;
  std::shared_ptr<Capture> capture = stream->capture;
  release(*capture);
  *model = nullptr;
  if (!capture->wrong.empty())
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "the capture is broken: " + capture->wrong);
  *model = new Model{capture};
  return ACL_SUCCESS;
}

ACL_API aclError aclmdlRICaptureGetInfo(aclrtStream handle,
                                        aclmdlRICaptureStatus *status,
                                        aclmdlRI *model) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream || !status)
    return ACL_ERROR_RT_PARAM_INVALID;
  *status = !stream->capture ? ACL_MODEL_RI_CAPTURE_STATUS_NONE
            : stream->capture->wrong.empty()
                ? ACL_MODEL_RI_CAPTURE_STATUS_ACTIVE
                : ACL_MODEL_RI_CAPTURE_STATUS_INVALIDATED;
  if (model)
    *model = nullptr;
  return ACL_SUCCESS;
}

ACL_API aclError aclmdlRIExecuteAsync(aclmdlRI handle, aclrtStream where) {
  ACL_CONTEXT;
  Stream *stream = streamOf(where);
  auto *model = static_cast<Model *>(handle);
  if (!stream || !model)
    return ACL_ERROR_RT_PARAM_INVALID;
  std::shared_ptr<Capture> work = model->work;
  return enqueue(stream, [work] {
    for (auto &node : work->nodes)
      if (int e = node())
        return e;
    return int(ACL_SUCCESS);
  });
}

ACL_API aclError aclmdlRIDestroy(aclmdlRI handle) {
  ACL_LOCK;
  if (!handle)
    return ACL_ERROR_RT_PARAM_INVALID;
  delete static_cast<Model *>(handle);
  return ACL_SUCCESS;
}
