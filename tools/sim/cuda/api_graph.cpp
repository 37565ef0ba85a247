// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Capture of streams into graphs, and their launch.

#include "driver.h"

#include <algorithm>

using namespace cudasim;

GEMEL_API CUresult cuStreamBeginCapture_v2(CUstream handle, int mode) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (mode < 0 || mode > 2)
    return CUDA_ERROR_INVALID_VALUE;
  if (stream == currentContext()->legacy)
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  if (stream->capture)
    return CUDA_ERROR_ILLEGAL_STATE;
  stream->capture = std::make_shared<Capture>();
  stream->capture->origin = stream;
  stream->capture->streams.push_back(stream);
  stream->capture->mode = mode;
  stream->joined = true;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuStreamBeginCapture, cuStreamBeginCapture_v2)

GEMEL_API CUresult cuStreamEndCapture(CUstream handle, CUgraph *graph) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!graph)
    return CUDA_ERROR_INVALID_VALUE;
  *graph = nullptr;
  std::shared_ptr<Capture> capture = stream->capture;
  if (!capture)
    return CUDA_ERROR_ILLEGAL_STATE;
  if (capture->origin != stream) {
    capture->invalid = true;
    return CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
  }
  bool joined = true;
  for (CUstream_st *s : capture->streams) {
    joined &= s->joined;
    s->capture = nullptr;
    s->joined = true;
  }
  if (capture->invalid)
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  if (!joined)
    return CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
  *graph = new CUgraph_st{capture->graph};
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamIsCapturing(CUstream handle, int *status) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!status)
    return CUDA_ERROR_INVALID_VALUE;
  *status = !stream->capture           ? CU_STREAM_CAPTURE_STATUS_NONE
            : stream->capture->invalid ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                                       : CU_STREAM_CAPTURE_STATUS_ACTIVE;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuGraphInstantiateWithFlags(CUgraphExec *out, CUgraph graph,
                                               unsigned long long) {
  GEMEL_CONTEXT;
  if (!out || !graph)
    return CUDA_ERROR_INVALID_VALUE;
  // A copy: what is captured later into the graph changes nothing here.
  *out = new CUgraphExec_st{std::make_shared<Graph>(*graph->graph)};
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuGraphUpload(CUgraphExec exec, CUstream handle) {
  GEMEL_CONTEXT;
  return exec && streamOf(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

GEMEL_API CUresult cuGraphLaunch(CUgraphExec exec, CUstream handle) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!exec || !stream)
    return CUDA_ERROR_INVALID_HANDLE;
  return enqueue(stream, [graph = exec->graph] {
    for (auto &node : graph->nodes)
      if (int e = node())
        return e;
    return int(CUDA_SUCCESS);
  });
}

GEMEL_API CUresult cuGraphDestroy(CUgraph graph) {
  GEMEL_LOCK;
  if (!graph)
    return CUDA_ERROR_INVALID_VALUE;
  delete graph;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuGraphExecDestroy(CUgraphExec exec) {
  GEMEL_LOCK;
  if (!exec)
    return CUDA_ERROR_INVALID_VALUE;
  delete exec;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuGraphGetNodes(CUgraph graph, void **nodes, size_t *count) {
  GEMEL_LOCK;
  if (!graph || !count)
    return CUDA_ERROR_INVALID_VALUE;
  if (nodes)
    return CUDA_ERROR_NOT_SUPPORTED;
  *count = graph->graph->nodes.size();
  return CUDA_SUCCESS;
}
