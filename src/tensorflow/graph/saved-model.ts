import type { GraphNode, NodeAttribute } from './graph-definition.ts';

interface Message {
  serializeBinary(): Uint8Array;
}
interface MessageMap {
  set(key: string, value: Message): void;
}
type Make<Kind> = new () => Kind & Message;

interface TensorShapeMessage extends Message {
  addDim(dimension: Message): void;
}

/** tfjs-node's protobuf classes (api_pb), as far as they are used here. */
export interface ProtobufClasses {
  readonly SavedModel: Make<{ setSavedModelSchemaVersion(version: number): void; addMetaGraphs(graph: Message): void }>;
  readonly MetaGraphDef: Make<{ setMetaInfoDef(info: Message): void; setGraphDef(graph: Message): void }> & {
    readonly MetaInfoDef: Make<{ addTags(tag: string): void }>;
  };
  readonly GraphDef: Make<{ addNode(node: Message): void; setVersions(versions: Message): void }>;
  readonly VersionDef: Make<{ setProducer(version: number): void }>;
  readonly NodeDef: Make<{
    setName(name: string): void;
    setOp(operation: string): void;
    addInput(input: string): void;
    getAttrMap(): MessageMap;
  }>;
  readonly AttrValue: Make<{
    setS(value: Uint8Array): void;
    setI(value: number): void;
    setF(value: number): void;
    setB(value: boolean): void;
    setType(value: number): void;
    setShape(value: Message): void;
    setTensor(value: Message): void;
    setList(value: Message): void;
  }> & { readonly ListValue: Make<{ setIList(values: number[]): void; setFList(values: number[]): void }> };
  readonly TensorShape: Make<TensorShapeMessage> & { readonly Dim: Make<{ setSize(size: number): void }> };
  readonly Tensor: Make<{
    setDtype(type: number): void;
    setTensorShape(shape: Message): void;
    setTensorContent(content: Uint8Array): void;
  }>;
}

/** Version of the graph format that TensorFlow 2.x writes and reads; below 12 it refuses, above its own too. */
const graphVersion = 1087;

/** The tag under which the graph lies in its SavedModel. */
export const savedModelTag = 'serve';

/** The bytes of `saved_model.pb` for a graph whose variables have no values yet. */
export function encodeSavedModel(classes: ProtobufClasses, nodes: readonly GraphNode[]): Uint8Array {
  const graph = new classes.GraphDef();
  for (const { name, operation, inputs, after, attributes } of nodes) {
    const node = new classes.NodeDef();
    node.setName(name);
    node.setOp(operation);
    for (const input of inputs) node.addInput(input);
    for (const earlier of after) node.addInput(`^${earlier}`);
    for (const [key, attribute] of Object.entries(attributes))
      node.getAttrMap().set(key, encodeAttribute(classes, attribute));
    graph.addNode(node);
  }
  const versions = new classes.VersionDef();
  versions.setProducer(graphVersion);
  graph.setVersions(versions);
  const info = new classes.MetaGraphDef.MetaInfoDef();
  info.addTags(savedModelTag);
  const metaGraph = new classes.MetaGraphDef();
  metaGraph.setMetaInfoDef(info);
  metaGraph.setGraphDef(graph);
  const model = new classes.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(metaGraph);
  return model.serializeBinary();
}

function encodeShape(classes: ProtobufClasses, extents: readonly number[]): Message {
  const shape = new classes.TensorShape();
  for (const extent of extents) {
    const dimension = new classes.TensorShape.Dim();
    dimension.setSize(extent);
    shape.addDim(dimension);
  }
  return shape;
}

function encodeAttribute(classes: ProtobufClasses, attribute: NodeAttribute): Message {
  const encoded = new classes.AttrValue();
  switch (attribute.type) {
    case 'string':
      encoded.setS(new TextEncoder().encode(attribute.value));
      break;
    case 'int':
      encoded.setI(attribute.value);
      break;
    case 'float':
      encoded.setF(attribute.value);
      break;
    case 'bool':
      encoded.setB(attribute.value);
      break;
    case 'type':
      encoded.setType(attribute.value);
      break;
    case 'shape':
      encoded.setShape(encodeShape(classes, attribute.value));
      break;
    case 'ints':
    case 'floats': {
      const list = new classes.AttrValue.ListValue();
      if (attribute.type === 'ints') list.setIList([...attribute.value]);
      else list.setFList([...attribute.value]);
      encoded.setList(list);
      break;
    }
    case 'tensor': {
      const tensor = new classes.Tensor();
      tensor.setDtype(attribute.dtype);
      tensor.setTensorShape(encodeShape(classes, attribute.shape));
      tensor.setTensorContent(attribute.values);
      encoded.setTensor(tensor);
      break;
    }
  }
  return encoded;
}
