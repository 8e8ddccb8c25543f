import './reader.css'
import { mount } from './mount'

mount()
