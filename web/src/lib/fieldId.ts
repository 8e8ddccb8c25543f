/** The id of a field's control, so that the summary of errors can lead to it. */
export const fieldId = (name: string) => `field-${name.replace(/\./g, '-')}`
