/** An error of the service as clients see it. */
export class ServiceError extends Error {
  constructor(code, message, { status = 400, namespace = 'com.amazonaws.sqs', legacy } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.namespace = namespace;
    this.legacy = legacy;
  }

  get type() { return `${this.namespace}#${this.code}`; }
}

export const noSuchQueue = () => new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.', { legacy: 'AWS.SimpleQueueService.NonExistentQueue' });
export const invalid = (message) => new ServiceError('InvalidParameterValue', message, { namespace: 'com.amazonaws.sqs' });
export const missing = (name) => new ServiceError('MissingParameter', `The request must contain the parameter ${name}.`);
export const refused = (code, message) => new ServiceError(code, message, { status: 403, namespace: 'com.amazon.coral.service' });
